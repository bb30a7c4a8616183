// Money flow index, 0..100.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Mfi : public Streaming<Mfi> {
public:
    static constexpr Info info{.name = "mfi",
                               .family = "momentum indicators",
                               .summary = "money flow index, 0..100",
                               .inputs = {"high", "low", "close", "volume"},
                               .params = {period("timeperiod", 14, 2)},
                               .outputs = {{"mfi", unit::percent, 0, 100}},
                               .formula =
                                   "100*P/(P+N), 0 if P+N = 0; P, N: sums over the last timeperiod bars of "
                                   "tp*volume where tp rose and where it fell; tp = (high+low+close)/3",
                               .source = "TA-Lib 0.8.1 MFI"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Mfi(std::span<const double> params)
        : rises_(static_cast<std::size_t>(params[0])), falls_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        const double typical = (in[0] + in[1] + in[2]) / 3, flow = typical * in[3];
        if (started_) {
            const bool still = negligible(typical - before_, std::fabs(typical) + std::fabs(before_));
            rises_.push(!still && typical > before_ ? flow : 0);
            falls_.push(!still && typical < before_ ? flow : 0);
        }
        started_ = true;
        before_ = typical;
        if (!rises_.full()) return;
        const double rises = rises_.total().sum, total = rises + falls_.total().sum;
        out[0] = total == 0 ? 0 : 100 * (rises / total);
    }

    void state(auto& visit) { visit(started_, before_, rises_, falls_); }

private:
    bool started_ = false;
    double before_ = 0;
    Window<Total> rises_, falls_;
};

}  // namespace bourse::indicators
