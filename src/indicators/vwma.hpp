// Volume-weighted moving average.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

template <class V>
class VwmaOf : public Streaming<VwmaOf<V>> {
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

    explicit VwmaOf(std::span<const double> params)
        : prices_(static_cast<std::size_t>(params[0])),
          flows_(static_cast<std::size_t>(params[0])),
          volumes_(static_cast<std::size_t>(params[0])) {}

    void step(const V* in, V* out) noexcept {
        prices_.push(in[0]);
        flows_.push(in[0] * in[1]);
        volumes_.push(in[1]);
        if (!flows_.full()) return;
        const V volume = volumes_.total().sum;
        out[0] = select(volume == 0.0, prices_.mean(), flows_.total().sum / volume);
    }

    void state(auto& visit) { visit(prices_, flows_, volumes_); }

private:
    Window<TotalOf<V>, V> prices_, flows_, volumes_;
};

using Vwma = VwmaOf<double>;

}  // namespace bourse::indicators
