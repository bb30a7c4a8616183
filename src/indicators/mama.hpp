// MESA adaptive moving average. Source: John Ehlers (2001).
#pragma once

#include "indicators/hilbert.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Mama : public Streaming<Mama> {
public:
    static constexpr Info info{
        .name = "mama",
        .family = "overlap studies",
        .summary = "MESA adaptive moving average (Ehlers) and the average following it",
        .inputs = {"price"},
        .params = {Param{"fastlimit", 0.5, 0.01, 0.99}, Param{"slowlimit", 0.05, 0.01, 0.99}},
        .outputs = {{"mama", unit::price}, {"fama", unit::price}},
        .formula =
            "mama + a*(price - mama), fama + a/2*(mama - fama); a = fastlimit / (fall of the phase "
            "since the bar before, at least 1 degree), at least slowlimit, at most fastlimit; phase "
            "= atan(quadrature / in-phase) as ht_phasor has them; both start with 0 at bar 12",
        .source = "TA-Lib 0.8.1 MAMA"};

    static int lookback(std::span<const double>) { return 32; }

    explicit Mama(std::span<const double> params) : fast_(params[0]), slow_(params[1]) {}

    void step(const double* in, double* out) noexcept {
        if (!cycle_.push(in[0])) return;
        const double phase =
            cycle_.in_phase() == 0 ? 0 : std::atan(cycle_.quadrature() / cycle_.in_phase()) * 180 / std::numbers::pi;
        const double turn = std::max(phase_ - phase, 1.0);
        phase_ = phase;
        const double weight = turn > 1 ? std::max(fast_ / turn, slow_) : fast_;
        mama_ += weight * (in[0] - mama_);
        fama_ += weight / 2 * (mama_ - fama_);
        if (waiting_ > 0) {
            --waiting_;
            return;
        }
        out[0] = mama_;
        out[1] = fama_;
    }

private:
    double fast_, slow_;
    DominantCycle cycle_{12};
    int waiting_ = 20;
    double phase_ = 0, mama_ = 0, fama_ = 0;
};

}  // namespace bourse::indicators
