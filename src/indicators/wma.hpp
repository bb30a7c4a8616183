// Weighted moving average.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

template <class V>
class WmaOf : public Streaming<WmaOf<V>> {
public:
    static constexpr Info info{.name = "wma",
                               .family = "overlap studies",
                               .summary = "weighted moving average",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30)},
                               .outputs = {{"wma", unit::price}},
                               .formula = "mean of the last timeperiod prices with weights 1 (oldest) to timeperiod",
                               .source = "TA-Lib 0.8.1 WMA"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit WmaOf(std::span<const double> params) : window_(static_cast<std::size_t>(params[0])) {}

    void step(const V* in, V* out) noexcept {
        window_.push(in[0]);
        if (window_.full()) out[0] = window_.mean();
    }

    void state(auto& visit) { visit(window_); }

private:
    Window<WeightedSumOf<V>, V> window_;
};

using Wma = WmaOf<double>;

}  // namespace bourse::indicators
