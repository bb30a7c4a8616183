// Chande momentum oscillator with plain sums, -100..100.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Cmou : public Streaming<Cmou> {
public:
    static constexpr Info info{.name = "cmou",
                               .family = "momentum indicators",
                               .summary = "Chande momentum oscillator with plain sums, -100..100",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 14)},
                               .outputs = {{"cmou", unit::percent, -100, 100}},
                               .formula =
                                   "100*(G-L)/(G+L), 0 if G+L = 0; G, L: sums of the rises and of the falls "
                                   "in the last timeperiod changes",
                               .source = "TA-Lib 0.8.1 CMOU"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Cmou(std::span<const double> params)
        : rises_(static_cast<std::size_t>(params[0])), falls_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        if (started_) {
            const double change = in[0] - before_;
            rises_.push(change > 0 ? change : 0);
            falls_.push(change < 0 ? -change : 0);
        }
        started_ = true;
        before_ = in[0];
        if (!rises_.full()) return;
        const double rises = rises_.total().sum, falls = falls_.total().sum;
        out[0] = rises + falls == 0 ? 0 : 100 * ((rises - falls) / (rises + falls));
    }

    void state(auto& visit) { visit(started_, before_, rises_, falls_); }

private:
    bool started_ = false;
    double before_ = 0;
    Window<Total> rises_, falls_;
};

}  // namespace bourse::indicators
