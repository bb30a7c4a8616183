// Volatility of a year from highs and lows (Parkinson).
#pragma once

#include <numbers>

#include "indicators/range_volatility.hpp"

namespace bourse::indicators {

class Parkinson : public RangeVolatility<Parkinson> {
public:
    using RangeVolatility::RangeVolatility;

    static constexpr Info info{
        .name = "parkinson",
        .family = "volatility indicators",
        .summary = "volatility of a year from highs and lows (Parkinson)",
        .inputs = {"high", "low"},
        .params = {period("timeperiod", 20), Param{"periods_per_year", 252, 0, 3e37}},
        .outputs = {{"parkinson", unit::ratio, 0}},
        .formula = "sqrt(periods_per_year * mean of ln(high/low)^2 over timeperiod bars / (4 ln 2))",
        .source = "Michael Parkinson (1980)",
        .undefined = "while a price of 0 or below is in the window"};

    static double variance(const double* in) noexcept {
        const double range = std::log(in[0] / in[1]);
        return range * range / (4 * std::numbers::ln2);
    }
};

}  // namespace bourse::indicators
