// Psychological line: share of bars that rose, 0..100.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Psy : public Streaming<Psy> {
public:
    static constexpr Info info{.name = "psy",
                               .family = "momentum indicators",
                               .summary = "psychological line: share of bars that rose, 0..100",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 12)},
                               .outputs = {{"psy", unit::percent, 0, 100}},
                               .formula = "100 * number of the last timeperiod changes that are above 0 / timeperiod",
                               .source = "TDX, MyTT PSY"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Psy(std::span<const double> params) : rises_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        if (started_) rises_.push(in[0] > before_ ? 1 : 0);
        started_ = true;
        before_ = in[0];
        if (rises_.full()) out[0] = 100 * rises_.mean();
    }

    void state(auto& visit) { visit(started_, before_, rises_); }

private:
    bool started_ = false;
    double before_ = 0;
    Window<Total> rises_;
};

}  // namespace bourse::indicators
