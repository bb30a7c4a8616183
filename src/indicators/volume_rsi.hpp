// Relative strength index of the volume on rising against falling bars, 0..100.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"

namespace bourse::indicators {

class VolumeRsi : public Streaming<VolumeRsi> {
public:
    static constexpr Info info{
        .name = "volume_rsi",
        .family = "volume indicators",
        .summary = "relative strength index of the volume on rising against falling bars, 0..100",
        .inputs = {"price", "volume"},
        .params = {period("timeperiod", 14)},
        .outputs = {{"volume_rsi", unit::percent, 0, 100}},
        .formula =
            "100 * U / (U + D), 50 if U + D = 0; U, D: Wilder's averages of the volume of bars that "
            "rose and of bars that fell; seed: mean of the first timeperiod",
        .source = "definition"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit VolumeRsi(std::span<const double> params)
        : up_(Smoothing::wilder(static_cast<int>(params[0]))), down_(up_) {}

    void step(const double* in, double* out) noexcept {
        const double change = in[0] - before_;
        before_ = in[0];
        if (!started_) {
            started_ = true;
            return;
        }
        up_.push(change > 0 ? in[1] : 0);
        down_.push(change < 0 ? in[1] : 0);
        if (!up_.ready()) return;
        const double total = up_.value() + down_.value();
        out[0] = total == 0 ? 50 : 100 * (up_.value() / total);
    }

private:
    bool started_ = false;
    double before_ = 0;
    Smoothing up_, down_;
};

}  // namespace bourse::indicators
