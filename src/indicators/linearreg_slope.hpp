// Slope of the regression line, price units a bar.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/line.hpp"

namespace bourse::indicators {

template <class V>
class LinearregSlopeOf : public Streaming<LinearregSlopeOf<V>> {
public:
    static constexpr Info info{.name = "linearreg_slope",
                               .family = "statistic functions",
                               .summary = "slope of the regression line, price units a bar",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 14, 2)},
                               .outputs = {{"linearreg_slope", unit::price_per_bar}},
                               .formula = "slope of the least-squares line through the last timeperiod prices",
                               .source = "TA-Lib 0.8.1 LINEARREG_SLOPE"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit LinearregSlopeOf(std::span<const double> params) : window_(static_cast<std::size_t>(params[0])) {}

    void step(const V* in, V* out) noexcept {
        window_.push(in[0]);
        if (!window_.full()) return;
        const LineOf<V> line = window_.total();
        out[0] = line.slope;
    }

    void state(auto& visit) { visit(window_); }

private:
    LineWindowOf<V> window_;
};

using LinearregSlope = LinearregSlopeOf<double>;

}  // namespace bourse::indicators
