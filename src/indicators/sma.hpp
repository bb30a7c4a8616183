// Simple moving average.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

template <class V>
class SmaOf : public Streaming<SmaOf<V>> {
public:
    static constexpr Info info{.name = "sma",
                               .family = "overlap studies",
                               .summary = "simple moving average",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30)},
                               .outputs = {{"sma", unit::price}},
                               .formula = "mean of the last timeperiod prices",
                               .source = "TA-Lib 0.8.1 SMA"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit SmaOf(std::span<const double> params) : window_(static_cast<std::size_t>(params[0])) {}

    void step(const V* in, V* out) noexcept {
        window_.push(in[0]);
        if (window_.full()) out[0] = window_.mean();
    }

    void state(auto& visit) { visit(window_); }

private:
    Window<TotalOf<V>, V> window_;
};

using Sma = SmaOf<double>;

}  // namespace bourse::indicators
