// Volume-weighted moving average.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Vwma : public Streaming<Vwma> {
public:
    static constexpr Info info{
        .name = "vwma",
        .family = "overlap studies",
        .summary = "volume-weighted moving average",
        .inputs = {"price", "volume"},
        .params = {period("timeperiod", 30)},
        .outputs = {{"vwma", unit::price}},
        .formula =
            "sum of price*volume / sum of volume over the last timeperiod bars, the "
            "mean price if no volume is left",
        .source = "TA-Lib 0.8.1 VWMA",
        .deviation = "where no volume is left in the window TA-Lib divides what rounding left of its sums"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Vwma(std::span<const double> params)
        : prices_(static_cast<std::size_t>(params[0])),
          flows_(static_cast<std::size_t>(params[0])),
          volumes_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        prices_.push(in[0]);
        flows_.push(in[0] * in[1]);
        volumes_.push(in[1]);
        if (!flows_.full()) return;
        const double volume = volumes_.total().sum;
        out[0] = volume == 0 ? prices_.total().mean() : flows_.total().sum / volume;
    }

    void state(auto& visit) { visit(prices_, flows_, volumes_); }

private:
    Window<Total> prices_, flows_, volumes_;
};

}  // namespace bourse::indicators
