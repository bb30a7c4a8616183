// Historical volatility of a year.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/moments.hpp"

namespace bourse::indicators {

class Hv : public Streaming<Hv> {
public:
    static constexpr Info info{
        .name = "hv",
        .family = "volatility indicators",
        .summary = "historical volatility of a year",
        .inputs = {"price"},
        .params = {period("timeperiod", 20, 2), Param{"periods_per_year", 252, 0, 3e37}},
        .outputs = {{"hv", unit::ratio, 0}},
        .formula =
            "standard deviation (divisor timeperiod - 1) of the last timeperiod logarithmic returns "
            "* sqrt(periods_per_year)",
        .source = "definition",
        .undefined = "while a price of 0 or below is in the window"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Hv(std::span<const double> params)
        : bars_(params[0]), per_year_(params[1]), returns_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        if (started_) returns_.push(std::log(in[0] / before_));
        started_ = true;
        before_ = in[0];
        if (returns_.full()) out[0] = std::sqrt(returns_.total().squares / (bars_ - 1) * per_year_);
    }

    void state(auto& visit) { visit(bars_, per_year_, started_, before_, returns_); }

private:
    double bars_, per_year_;
    bool started_ = false;
    double before_ = 0;
    MomentsWindow returns_;
};

}  // namespace bourse::indicators
