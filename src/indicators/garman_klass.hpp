// Volatility of a year from four prices (Garman and Klass).
#pragma once

#include <numbers>

#include "indicators/range_volatility.hpp"

namespace bourse::indicators {

class GarmanKlass : public RangeVolatility<GarmanKlass> {
public:
    using RangeVolatility::RangeVolatility;

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

    static double variance(const double* in) noexcept {
        const double range = std::log(in[1] / in[2]), body = std::log(in[3] / in[0]);
        return range * range / 2 - (2 * std::numbers::ln2 - 1) * body * body;
    }
};

}  // namespace bourse::indicators
