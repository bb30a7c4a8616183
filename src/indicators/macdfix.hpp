// Moving average convergence/divergence 12/26 with weights 0.15 and 0.075.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"

namespace bourse::indicators {

class Macdfix : public Streaming<Macdfix> {
public:
    static constexpr Info info{
        .name = "macdfix",
        .family = "momentum indicators",
        .summary = "moving average convergence/divergence 12/26 with weights 0.15 and 0.075",
        .inputs = {"price"},
        .params = {period("signalperiod", 9)},
        .outputs = {{"macd", unit::price}, {"signal", unit::price}, {"hist", unit::price}},
        .formula =
            "as macd with periods 12 and 26, but with the weights 0.15 and 0.075 instead of 2/13 "
            "and 2/27; signal = ema(macd, signalperiod)",
        .source = "TA-Lib 0.8.1 MACDFIX"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) + 24; }

    explicit Macdfix(std::span<const double> params) : signal_(Smoothing::exponential(static_cast<int>(params[0]))) {}

    void step(const double* in, double* out) noexcept {
        if (fast_starts_in_ > 0)
            --fast_starts_in_;
        else
            fast_.push(in[0]);
        slow_.push(in[0]);
        if (!slow_.ready()) return;
        const double macd = fast_.value() - slow_.value();
        signal_.push(macd);
        if (!signal_.ready()) return;
        out[0] = macd;
        out[1] = signal_.value();
        out[2] = macd - signal_.value();
    }

private:
    Smoothing fast_{0.15, 12}, slow_{0.075, 26}, signal_;
    int fast_starts_in_ = 14;  // bars
};

}  // namespace bourse::indicators
