// Volatility of a year from four prices (Garman and Klass).
#pragma once

#include <numbers>

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class GarmanKlass : public Streaming<GarmanKlass> {
public:
    static constexpr Info info{
        .name = "garman_klass",
        .family = "volatility indicators",
        .summary = "volatility of a year from four prices (Garman and Klass)",
        .inputs = {"open", "high", "low", "close"},
        .params = {period("timeperiod", 20), Param{"periods_per_year", 252, 0, 3e37}},
        .outputs = {{"garman_klass", unit::ratio, 0}},
        .formula =
            "sqrt(periods_per_year * mean of ln(high/low)^2/2 - (2 ln 2 - 1) ln(close/open)^2 over "
            "timeperiod bars)",
        .source = "Mark Garman, Michael Klass (1980)",
        .undefined = "while a price of 0 or below, or an open or close beyond high and low, is in the window"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit GarmanKlass(std::span<const double> params)
        : per_year_(params[1]), terms_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        const double range = std::log(in[1] / in[2]), body = std::log(in[3] / in[0]);
        terms_.push(range * range / 2 - (2 * std::numbers::ln2 - 1) * body * body);
        if (terms_.full()) out[0] = std::sqrt(per_year_ * terms_.mean());
    }

    void state(auto& visit) { visit(per_year_, terms_); }

private:
    double per_year_;
    Window<Total> terms_;
};

}  // namespace bourse::indicators
