// Volatility of a year from four prices, whatever the drift (Rogers and Satchell).
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class RogersSatchell : public Streaming<RogersSatchell> {
public:
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

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit RogersSatchell(std::span<const double> params)
        : per_year_(params[1]), terms_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        terms_.push(std::log(in[1] / in[3]) * std::log(in[1] / in[0]) +
                    std::log(in[2] / in[3]) * std::log(in[2] / in[0]));
        if (terms_.full()) out[0] = std::sqrt(per_year_ * terms_.mean());
    }

    void state(auto& visit) { visit(per_year_, terms_); }

private:
    double per_year_;
    Window<Total> terms_;
};

}  // namespace bourse::indicators
