// Mean over the dominant cycle (Ehlers).
#pragma once

#include "indicators/cycle_phase.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class HtTrendline : public Streaming<HtTrendline> {
public:
    static constexpr Info info{.name = "ht_trendline",
                               .family = "overlap studies",
                               .summary = "mean over the dominant cycle (Ehlers)",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"ht_trendline", unit::price}},
                               .formula =
                                   "mean of the prices of the last dominant cycle (ht_dcperiod, here from bar 37 on), "
                                   "smoothed with weights 4, 3, 2, 1",
                               .source = "TA-Lib 0.8.1 HT_TRENDLINE"};

    static int lookback(std::span<const double>) { return cycle_lookback; }

    explicit HtTrendline(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        trend_.push(in[0], cycle_.push(in[0]) ? cycle_.period() : 0);
        if (waiting_ > 0)
            --waiting_;
        else
            out[0] = trend_.value();
    }

private:
    DominantCycle cycle_{cycle_start};
    CycleTrend trend_;
    int waiting_ = cycle_lookback;
};

}  // namespace bourse::indicators
