// Highest value of a window.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

template <class V>
class MaxOf : public Streaming<MaxOf<V>> {
public:
    static constexpr Info info{.name = "max",
                               .family = "math operators",
                               .summary = "highest value of a window",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30, 2)},
                               .outputs = {{"max", unit::price}},
                               .formula = "the highest of the last timeperiod prices",
                               .source = "TA-Lib 0.8.1 MAX"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit MaxOf(std::span<const double> params) : window_(static_cast<std::size_t>(params[0])) {}

    void step(const V* in, V* out) noexcept {
        window_.push(in[0]);
        if (window_.full()) out[0] = window_.total().value;
    }

    void state(auto& visit) { visit(window_); }

private:
    Window<HighestOf<V>, V> window_;
};

using Max = MaxOf<double>;

}  // namespace bourse::indicators
