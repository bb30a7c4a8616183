// Sum over a window.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

template <class V>
class SumOf : public Streaming<SumOf<V>> {
public:
    static constexpr Info info{.name = "sum",
                               .family = "math operators",
                               .summary = "sum over a window",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30, 2)},
                               .outputs = {{"sum", unit::price}},
                               .formula = "sum of the last timeperiod prices",
                               .source = "TA-Lib 0.8.1 SUM"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit SumOf(std::span<const double> params) : window_(static_cast<std::size_t>(params[0])) {}

    void step(const V* in, V* out) noexcept {
        window_.push(in[0]);
        if (window_.full()) out[0] = window_.total().sum;
    }

    void state(auto& visit) { visit(window_); }

private:
    Window<TotalOf<V>, V> window_;
};

using Sum = SumOf<double>;

}  // namespace bourse::indicators
