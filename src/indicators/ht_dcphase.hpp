// Phase of the dominant cycle (Ehlers), degrees, -45..315.
#pragma once

#include "indicators/cycle_phase.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class HtDcphase : public Streaming<HtDcphase> {
public:
    static constexpr Info info{
        .name = "ht_dcphase",
        .family = "cycle indicators",
        .summary = "phase of the dominant cycle (Ehlers), degrees, -45..315",
        .inputs = {"price"},
        .params = {},
        .outputs = {{"ht_dcphase", unit::degrees, -45, 315}},
        .formula =
            "angle of the discrete Fourier transform over one dominant cycle of the price smoothed "
            "with weights 4, 3, 2, 1, from bar 37 on",
        .source = "TA-Lib 0.8.1 HT_DCPHASE"};

    static int lookback(std::span<const double>) { return cycle_lookback; }

    explicit HtDcphase(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        phase_.push(in[0]);
        if (waiting_ > 0)
            --waiting_;
        else
            out[0] = phase_.phase();
    }

private:
    CyclePhase phase_;
    int waiting_ = cycle_lookback;
};

}  // namespace bourse::indicators
