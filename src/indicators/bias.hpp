// How far the price is from its mean, percent.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Bias : public Streaming<Bias> {
public:
    static constexpr Info info{
        .name = "bias",
        .family = "momentum indicators",
        .summary = "how far the price is from its mean, percent",
        .inputs = {"price"},
        .params = {period("timeperiod", 6)},
        .outputs = {{"bias", unit::percent}},
        .formula = "100 * (price - m) / m, 0 where m is 0; m: mean of the last timeperiod prices",
        .source = "TDX, MyTT BIAS"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Bias(std::span<const double> params) : window_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        window_.push(in[0]);
        if (!window_.full()) return;
        const double mean = window_.mean(), apart = in[0] - mean;
        out[0] = negligible(apart, std::fabs(mean)) || mean == 0 ? 0 : 100 * apart / mean;
    }

    void state(auto& visit) { visit(window_); }

private:
    Window<Total> window_;
};

}  // namespace bourse::indicators
