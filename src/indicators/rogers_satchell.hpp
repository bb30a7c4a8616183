// Volatility of a year from four prices, whatever the drift (Rogers and Satchell).
#pragma once

#include "indicators/range_volatility.hpp"

namespace bourse::indicators {

class RogersSatchell : public RangeVolatility<RogersSatchell> {
public:
    using RangeVolatility::RangeVolatility;

    static constexpr Info info{
        .name = "rogers_satchell",
        .family = "volatility indicators",
        .summary = "volatility of a year from four prices, whatever the drift (Rogers and Satchell)",
        .inputs = {"open", "high", "low", "close"},
        .params = {period("timeperiod", 20), Param{"periods_per_year", 252, 0, 3e37}},
        .outputs = {{"rogers_satchell", unit::ratio, 0}},
        .formula =
            "sqrt(periods_per_year * mean of ln(high/close) ln(high/open) + ln(low/close) "
            "ln(low/open) over timeperiod bars)",
        .source = "L. C. G. Rogers, S. E. Satchell (1991)",
        .undefined = "while a price of 0 or below is in the window"};

    static double variance(const double* in) noexcept {
        return std::log(in[1] / in[3]) * std::log(in[1] / in[0]) + std::log(in[2] / in[3]) * std::log(in[2] / in[0]);
    }
};

}  // namespace bourse::indicators
