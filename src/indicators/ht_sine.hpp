// Sine of the phase of the dominant cycle, and an eighth of a turn ahead (Ehlers).
#pragma once

#include "indicators/cycle_phase.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class HtSine : public Streaming<HtSine> {
public:
    static constexpr Info info{
        .name = "ht_sine",
        .family = "cycle indicators",
        .summary = "sine of the phase of the dominant cycle, and an eighth of a turn ahead (Ehlers)",
        .inputs = {"price"},
        .params = {},
        .outputs = {{"sine", unit::ratio, -1, 1}, {"leadsine", unit::ratio, -1, 1}},
        .formula = "sin(p), sin(p + 45 degrees), p = ht_dcphase",
        .source = "TA-Lib 0.8.1 HT_SINE"};

    static int lookback(std::span<const double>) { return cycle_lookback; }

    explicit HtSine(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        phase_.push(in[0]);
        if (waiting_ > 0) {
            --waiting_;
            return;
        }
        out[0] = phase_.sine();
        out[1] = phase_.lead_sine();
    }

private:
    CyclePhase phase_;
    int waiting_ = cycle_lookback;
};

}  // namespace bourse::indicators
