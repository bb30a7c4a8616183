// Value of the regression line at the first bar of the window.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/line.hpp"

namespace bourse::indicators {

class LinearregIntercept : public Streaming<LinearregIntercept> {
public:
    static constexpr Info info{.name = "linearreg_intercept",
                               .family = "statistic functions",
                               .summary = "value of the regression line at the first bar of the window",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 14, 2)},
                               .outputs = {{"linearreg_intercept", unit::price}},
                               .formula =
                                   "m - s*(timeperiod-1)/2; m: mean, s: slope of the least-squares line "
                                   "through the last timeperiod prices",
                               .source = "TA-Lib 0.8.1 LINEARREG_INTERCEPT"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit LinearregIntercept(std::span<const double> params) : window_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        window_.push(in[0]);
        if (!window_.full()) return;
        const Line line = window_.total();
        out[0] = line.mean - line.slope * (line.count - 1) / 2;
    }

    void state(auto& visit) { visit(window_); }

private:
    LineWindow window_;
};

}  // namespace bourse::indicators
