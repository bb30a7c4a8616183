// Chandelier exit: trailing stops below the highest high and above the lowest low.
#pragma once

#include "indicators/extremes.hpp"
#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"
#include "indicators/true_range.hpp"

namespace bourse::indicators {

class Chandelier : public Streaming<Chandelier> {
public:
    static constexpr Info info{
        .name = "chandelier",
        .family = "overlap studies",
        .summary = "chandelier exit: trailing stops below the highest high and above the lowest low",
        .inputs = {"high", "low", "close"},
        .params = {period("timeperiod", 22), multiplier("multiplier", 3)},
        .outputs = {{"long_exit", unit::price}, {"short_exit", unit::price}},
        .formula =
            "long_exit: highest high of timeperiod bars - multiplier * atr(timeperiod); short_exit: "
            "lowest low + multiplier * atr",
        .source = "Charles Le Beau; values of Skender.Stock.Indicators"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Chandelier(std::span<const double> params)
        : factor_(params[1]), extremes_(params[0]), average_(Smoothing::wilder(static_cast<int>(params[0]))) {}

    void step(const double* in, double* out) noexcept {
        const double range = range_.push(in[0], in[1], in[2]);
        extremes_.push(in[0], in[1]);
        if (std::isnan(range)) return;
        average_.push(range);
        if (!average_.ready()) return;
        out[0] = extremes_.highest() - factor_ * average_.value();
        out[1] = extremes_.lowest() + factor_ * average_.value();
    }

    void state(auto& visit) { visit(factor_, extremes_, range_, average_); }

private:
    double factor_;
    Extremes extremes_;
    TrueRange range_;
    Smoothing average_;
};

}  // namespace bourse::indicators
