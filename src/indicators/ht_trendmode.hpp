// Whether the market trends (1) or cycles (0) (Ehlers).
#pragma once

#include "indicators/cycle_phase.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class HtTrendmode : public Streaming<HtTrendmode> {
public:
    static constexpr Info info{
        .name = "ht_trendmode",
        .family = "cycle indicators",
        .summary = "whether the market trends (1) or cycles (0) (Ehlers)",
        .inputs = {"price"},
        .params = {},
        .outputs = {{"ht_trendmode", unit::flag, 0, 1}},
        .formula =
            "0 for half a cycle after sine and leadsine cross, and while the phase turns at about "
            "the speed of the cycle; 1 else, and always when the smoothed price is 1.5% off "
            "ht_trendline",
        .source = "TA-Lib 0.8.1 HT_TRENDMODE"};

    static int lookback(std::span<const double>) { return cycle_lookback; }

    explicit HtTrendmode(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        const bool started = phase_.push(in[0]);
        trend_.push(in[0], started ? phase_.period() : 0);
        if (started) judge();
        if (waiting_ > 0)
            --waiting_;
        else
            out[0] = trending_ ? 1 : 0;
    }

private:
    void judge() noexcept {
        const double sine = phase_.sine(), lead = phase_.lead_sine(), period = phase_.period();
        trending_ = true;
        if ((sine > lead && sine_ <= lead_) || (sine < lead && sine_ >= lead_)) {
            days_ = 0;
            trending_ = false;
        }
        if (++days_ < 0.5 * period) trending_ = false;
        const double turn = phase_.phase() - angle_, usual = 360 / period;
        if (turn > 0.67 * usual && turn < 1.5 * usual) trending_ = false;
        const double line = trend_.value();
        if (line != 0 && std::fabs((phase_.smooth_price() - line) / line) >= 0.015) trending_ = true;
        angle_ = phase_.phase();
        sine_ = sine;
        lead_ = lead;
    }

    CyclePhase phase_;
    CycleTrend trend_;
    int waiting_ = cycle_lookback;
    bool trending_ = false;
    double days_ = 0, angle_ = 0, sine_ = 0, lead_ = 0;
};

}  // namespace bourse::indicators
