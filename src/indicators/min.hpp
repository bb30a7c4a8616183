// Lowest value of a window.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

template <class V>
class MinOf : public Streaming<MinOf<V>> {
public:
    static constexpr Info info{.name = "min",
                               .family = "math operators",
                               .summary = "lowest value of a window",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30, 2)},
                               .outputs = {{"min", unit::price}},
                               .formula = "the lowest of the last timeperiod prices",
                               .source = "TA-Lib 0.8.1 MIN"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit MinOf(std::span<const double> params) : window_(static_cast<std::size_t>(params[0])) {}

    void step(const V* in, V* out) noexcept {
        window_.push(in[0]);
        if (window_.full()) out[0] = window_.total().value;
    }

    void state(auto& visit) { visit(window_); }

private:
    Window<LowestOf<V>, V> window_;
};

using Min = MinOf<double>;

}  // namespace bourse::indicators
