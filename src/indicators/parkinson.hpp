// Volatility of a year from highs and lows (Parkinson).
#pragma once

#include <numbers>

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Parkinson : public Streaming<Parkinson> {
public:
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

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Parkinson(std::span<const double> params)
        : per_year_(params[1]), terms_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        const double range = std::log(in[0] / in[1]);
        terms_.push(range * range / (4 * std::numbers::ln2));
        if (terms_.full()) out[0] = std::sqrt(per_year_ * terms_.mean());
    }

    void state(auto& visit) { visit(per_year_, terms_); }

private:
    double per_year_;
    Window<Total> terms_;
};

}  // namespace bourse::indicators
