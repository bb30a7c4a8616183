// Angle of the regression line in degrees.
#pragma once

#include <numbers>

#include "indicators/indicator.hpp"
#include "indicators/line.hpp"

namespace bourse::indicators {

class LinearregAngle : public Streaming<LinearregAngle> {
public:
    static constexpr Info info{.name = "linearreg_angle",
                               .family = "statistic functions",
                               .summary = "angle of the regression line in degrees",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 14, 2)},
                               .outputs = {{"linearreg_angle", unit::degrees, -90, 90}},
                               .formula =
                                   "atan(s) in degrees; s: slope of the least-squares line through the last "
                                   "timeperiod prices",
                               .source = "TA-Lib 0.8.1 LINEARREG_ANGLE"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit LinearregAngle(std::span<const double> params) : window_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        window_.push(in[0]);
        if (!window_.full()) return;
        const Line line = window_.total();
        out[0] = std::atan(line.slope) * 180 / std::numbers::pi;
    }

    void state(auto& visit) { visit(window_); }

private:
    LineWindow window_;
};

}  // namespace bourse::indicators
