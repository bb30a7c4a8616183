// Williams' VIX fix: how far the low is below the highest close, percent, and what is much of it.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/moments.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class VixFix : public Streaming<VixFix> {
public:
    static constexpr Info info{
        .name = "vix_fix",
        .family = "volatility indicators",
        .summary =
            "Williams' VIX fix: how far the low is below the highest close, percent, and what is "
            "much of it",
        .inputs = {"low", "close"},
        .params = {period("timeperiod", 22), period("bandperiod", 20), multiplier("nbdev", 2),
                   period("rangeperiod", 50), Param{"share", 0.85, 0, 1}},
        .outputs = {{"vix_fix", unit::percent, 0, 100}, {"upper", unit::percent, 0}, {"high", unit::percent, 0}},
        .formula =
            "vix_fix: 100 * (H - low) / H, H the highest close of timeperiod bars; upper: mean + "
            "nbdev * population standard deviation of vix_fix over bandperiod bars; high: share * "
            "highest vix_fix of rangeperiod bars; a vix_fix of upper or high and above is a sign of "
            "fear",
        .source = "Larry Williams (2007); bands as the community draws them",
        .undefined = "in upper and high while their own windows fill, and where the highest close is 0"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit VixFix(std::span<const double> params)
        : factor_(params[2]),
          share_(params[4]),
          closes_(static_cast<std::size_t>(params[0])),
          band_(static_cast<std::size_t>(params[1])),
          range_(static_cast<std::size_t>(params[3])) {}

    void step(const double* in, double* out) noexcept {
        closes_.push(in[1]);
        if (!closes_.full()) return;
        const double top = closes_.total().value, fix = 100 * (top - in[0]) / top;
        out[0] = fix;
        band_.push(fix);
        range_.push(fix);
        if (band_.full()) out[1] = band_.total().mean + factor_ * std::sqrt(band_.total().variance());
        if (range_.full()) out[2] = share_ * range_.total().value;
    }

    void state(auto& visit) { visit(factor_, share_, closes_, band_, range_); }

private:
    double factor_, share_;
    Window<Highest> closes_;
    MomentsWindow band_;
    Window<Highest> range_;
};

}  // namespace bourse::indicators
