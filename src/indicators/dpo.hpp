// Detrended price oscillator.
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Dpo : public Streaming<Dpo> {
public:
    static constexpr Info info{.name = "dpo",
                               .family = "momentum indicators",
                               .summary = "detrended price oscillator",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 20, 2)},
                               .outputs = {{"dpo", unit::price}},
                               .formula = "price of timeperiod/2 + 1 bars ago - mean of the last timeperiod prices",
                               .source = "TA-Lib 0.8.1 DPO"};

    static int lookback(std::span<const double> params) {
        return std::max(static_cast<int>(params[0]) - 1, static_cast<int>(params[0]) / 2 + 1);
    }

    explicit Dpo(std::span<const double> params)
        : past_(static_cast<std::size_t>(params[0]) / 2 + 1), mean_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        const double before = past_.full() ? past_.oldest() : 0;
        const bool lagged = past_.full();
        past_.push(in[0]);
        mean_.push(in[0]);
        if (mean_.full() && lagged) out[0] = before - mean_.mean();
    }

    void state(auto& visit) { visit(past_, mean_); }

private:
    Delay past_;
    Window<Total> mean_;
};

}  // namespace bourse::indicators
