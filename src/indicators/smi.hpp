// Stochastic momentum index (Blau), -100..100.
#pragma once

#include "indicators/double_smoothing.hpp"
#include "indicators/extremes.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Smi : public Streaming<Smi> {
public:
    static constexpr Info info{
        .name = "smi",
        .family = "momentum indicators",
        .summary = "stochastic momentum index (Blau), -100..100",
        .inputs = {"high", "low", "close"},
        .params = {period("timeperiod", 13), period("fastperiod", 2), period("slowperiod", 25),
                   period("signalperiod", 9)},
        .outputs = {{"smi", unit::percent, -100, 100}, {"signal", unit::percent, -100, 100}},
        .formula =
            "100 * d / (r/2), 0 if r = 0; d, r: ema over fastperiod of the ema over slowperiod of "
            "close - (HH+LL)/2 and of HH - LL; HH, LL: highest high and lowest low of timeperiod "
            "bars; signal = ema(smi, signalperiod)",
        .source = "TA-Lib 0.8.1 SMI"};

    static int lookback(std::span<const double> params) {
        return static_cast<int>(params[0] + params[1] + params[2] + params[3]) - 4;
    }

    explicit Smi(std::span<const double> params)
        : extremes_(params[0]),
          distance_(static_cast<int>(params[2]), static_cast<int>(params[1])),
          range_(static_cast<int>(params[2]), static_cast<int>(params[1])),
          signal_(Smoothing::exponential(static_cast<int>(params[3]))) {}

    void step(const double* in, double* out) noexcept {
        extremes_.push(in[0], in[1]);
        if (!extremes_.full()) return;
        const double high = extremes_.highest(), low = extremes_.lowest();
        const bool ready = distance_.push(in[2] - (high + low) / 2);
        range_.push(high - low);
        if (!ready) return;
        const double smi = range_.value() == 0 ? 0 : 100 * distance_.value() / (range_.value() / 2);
        signal_.push(smi);
        if (!signal_.ready()) return;
        out[0] = smi;
        out[1] = signal_.value();
    }

    void state(auto& visit) { visit(extremes_, distance_, range_, signal_); }

private:
    Extremes extremes_;
    DoubleSmoothing distance_, range_;
    Smoothing signal_;
};

}  // namespace bourse::indicators
