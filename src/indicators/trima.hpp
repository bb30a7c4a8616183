// Triangular moving average.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

template <class V>
class TrimaOf : public Streaming<TrimaOf<V>> {
public:
    static constexpr Info info{.name = "trima",
                               .family = "overlap studies",
                               .summary = "triangular moving average",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30)},
                               .outputs = {{"trima", unit::price}},
                               .formula =
                                   "mean over (timeperiod+1)/2 bars of the mean over the other half: weights "
                                   "rise to the middle of the window and fall again",
                               .source = "TA-Lib 0.8.1 TRIMA"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit TrimaOf(std::span<const double> params)
        : inner_((static_cast<std::size_t>(params[0]) + 1) / 2), outer_(static_cast<std::size_t>(params[0]) / 2 + 1) {}

    void step(const V* in, V* out) noexcept {
        inner_.push(in[0]);
        if (!inner_.full()) return;
        outer_.push(inner_.mean());
        if (outer_.full()) out[0] = outer_.mean();
    }

    void state(auto& visit) { visit(inner_, outer_); }

private:
    Window<TotalOf<V>, V> inner_, outer_;
};

using Trima = TrimaOf<double>;

}  // namespace bourse::indicators
