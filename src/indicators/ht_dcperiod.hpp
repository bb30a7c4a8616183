// Period of the dominant cycle (Ehlers), bars.
#pragma once

#include "indicators/hilbert.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class HtDcperiod : public Streaming<HtDcperiod> {
public:
    static constexpr Info info{
        .name = "ht_dcperiod",
        .family = "cycle indicators",
        .summary = "period of the dominant cycle (Ehlers), bars",
        .inputs = {"price"},
        .params = {},
        .outputs = {{"ht_dcperiod", unit::bars, 0, 50}},
        .formula =
            "from the angle between the analytic signal and itself one bar before (homodyne), "
            "6..50, at most 1.5 and at least 0.67 times the one before, smoothed twice; analytic "
            "signal by the Hilbert transform of the price smoothed with weights 4, 3, 2, 1, from "
            "bar 12 on",
        .source = "TA-Lib 0.8.1 HT_DCPERIOD"};

    static int lookback(std::span<const double>) { return 32; }

    explicit HtDcperiod(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        if (!cycle_.push(in[0])) return;
        if (waiting_ > 0)
            --waiting_;
        else
            out[0] = cycle_.period();
    }

private:
    DominantCycle cycle_{12};
    int waiting_ = 20;
};

}  // namespace bourse::indicators
