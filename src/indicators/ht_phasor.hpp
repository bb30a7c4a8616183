// In-phase and quadrature component of the dominant cycle (Ehlers).
#pragma once

#include "indicators/hilbert.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class HtPhasor : public Streaming<HtPhasor> {
public:
    static constexpr Info info{
        .name = "ht_phasor",
        .family = "cycle indicators",
        .summary = "in-phase and quadrature component of the dominant cycle (Ehlers)",
        .inputs = {"price"},
        .params = {},
        .outputs = {{"inphase", unit::price}, {"quadrature", unit::price}},
        .formula =
            "quadrature: Hilbert transform of the detrended price; inphase: the detrended price of "
            "3 bars ago; detrended: Hilbert transform of the price smoothed with weights 4, 3, 2, "
            "1, from bar 12 on",
        .source = "TA-Lib 0.8.1 HT_PHASOR"};

    static int lookback(std::span<const double>) { return 32; }

    explicit HtPhasor(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        if (!cycle_.push(in[0])) return;
        if (waiting_ > 0) {
            --waiting_;
            return;
        }
        out[0] = cycle_.in_phase();
        out[1] = cycle_.quadrature();
    }

private:
    DominantCycle cycle_{12};
    int waiting_ = 20;
};

}  // namespace bourse::indicators
