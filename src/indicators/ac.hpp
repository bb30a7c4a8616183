// Accelerator oscillator (Williams).
#pragma once

#include "indicators/ao.hpp"
#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Ac : public Streaming<Ac> {
public:
    static constexpr Info info{.name = "ac",
                               .family = "momentum indicators",
                               .summary = "accelerator oscillator (Williams)",
                               .inputs = {"high", "low"},
                               .params = {period("fastperiod", 5), period("slowperiod", 34), period("signalperiod", 5)},
                               .outputs = {{"ac", unit::price}},
                               .formula = "ao - mean of ao over signalperiod bars",
                               .source = "TA-Lib 0.8.1 AC"};

    static int lookback(std::span<const double> params) {
        return Ao::lookback(params.first(2)) + static_cast<int>(params[2]) - 1;
    }

    explicit Ac(std::span<const double> params)
        : oscillator_(params.first(2)), signal_(static_cast<std::size_t>(params[2])) {}

    void step(const double* in, double* out) noexcept {
        double ao = missing;
        oscillator_.step(in, &ao);
        if (std::isnan(ao)) return;
        signal_.push(ao);
        if (signal_.full()) out[0] = ao - signal_.mean();
    }

    void state(auto& visit) { visit(oscillator_, signal_); }

private:
    Ao oscillator_;
    Window<Total> signal_;
};

}  // namespace bourse::indicators
