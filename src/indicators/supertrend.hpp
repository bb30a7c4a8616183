// SuperTrend: trailing stop from the average true range.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"
#include "indicators/true_range.hpp"

namespace bourse::indicators {

class Supertrend : public Streaming<Supertrend> {
public:
    static constexpr Info info{
        .name = "supertrend",
        .family = "overlap studies",
        .summary = "SuperTrend: trailing stop from the average true range",
        .inputs = {"high", "low", "close"},
        .params = {period("timeperiod", 10), multiplier("multiplier", 3)},
        .outputs = {{"supertrend", unit::price}, {"trend", unit::signal, -1, 1}},
        .formula =
            "bands (high+low)/2 +- multiplier * atr(timeperiod); the upper one only falls and the "
            "lower one only rises while the close before stays on its side; trend is 1 (supertrend "
            "= lower band) until a close below the lower band, -1 (upper band) until a close above "
            "the upper; it starts at 1",
        .source = "TA-Lib 0.8.1 SUPERTREND"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Supertrend(std::span<const double> params)
        : factor_(params[1]), average_(Smoothing::wilder(static_cast<int>(params[0]))) {}

    void step(const double* in, double* out) noexcept {
        const double close_before = close_, range = range_.push(in[0], in[1], in[2]);
        close_ = in[2];
        if (std::isnan(range)) return;
        average_.push(range);
        if (!average_.ready()) return;
        const double middle = (in[0] + in[1]) / 2, reach = factor_ * average_.value();
        if (trend_ == 0) {
            upper_ = middle + reach;
            lower_ = middle - reach;
            trend_ = 1;
        } else {
            if (middle + reach < upper_ || close_before > upper_) upper_ = middle + reach;
            if (middle - reach > lower_ || close_before < lower_) lower_ = middle - reach;
            if (trend_ > 0 ? close_ < lower_ : close_ > upper_) trend_ = -trend_;
        }
        out[0] = trend_ > 0 ? lower_ : upper_;
        out[1] = trend_;
    }

private:
    double factor_;
    TrueRange range_;
    Smoothing average_;
    double close_ = 0, upper_ = 0, lower_ = 0, trend_ = 0;
};

}  // namespace bourse::indicators
