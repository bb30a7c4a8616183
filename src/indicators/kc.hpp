// Keltner channel of the typical price.
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"
#include "indicators/true_range.hpp"

namespace bourse::indicators {

class Kc : public Streaming<Kc> {
public:
    static constexpr Info info{.name = "kc",
                               .family = "overlap studies",
                               .summary = "Keltner channel of the typical price",
                               .inputs = {"high", "low", "close"},
                               .params = {period("timeperiod", 20, 2), period("atrperiod", 10), multiplier("nbdev", 2)},
                               .outputs = {"upper", "middle", "lower"},
                               .formula =
                                   "middle: ema of (high+low+close)/3 over timeperiod bars; upper and lower: middle +- "
                                   "nbdev * atr(atrperiod); each is seeded so that both begin with the same bar",
                               .source = "TA-Lib 0.8.1 KC"};

    static int lookback(std::span<const double> params) {
        return std::max(static_cast<int>(params[0]) - 1, static_cast<int>(params[1]));
    }

    explicit Kc(std::span<const double> params)
        : factor_(params[2]),
          average_(Smoothing::exponential(static_cast<int>(params[0]))),
          ranges_(Smoothing::wilder(static_cast<int>(params[1]))),
          average_starts_in_(lookback(params) - static_cast<int>(params[0]) + 1),
          range_starts_in_(lookback(params) - static_cast<int>(params[1])) {}

    void step(const double* in, double* out) noexcept {
        if (average_starts_in_ > 0)
            --average_starts_in_;
        else
            average_.push((in[0] + in[1] + in[2]) / 3);
        if (range_starts_in_ > 0) {
            --range_starts_in_;
        } else {
            const double range = range_.push(in[0], in[1], in[2]);
            if (!std::isnan(range)) ranges_.push(range);
        }
        if (!(average_.ready() && ranges_.ready())) return;
        out[0] = average_.value() + factor_ * ranges_.value();
        out[1] = average_.value();
        out[2] = average_.value() - factor_ * ranges_.value();
    }

private:
    double factor_;
    Smoothing average_, ranges_;
    TrueRange range_;
    int average_starts_in_, range_starts_in_;  // bars
};

}  // namespace bourse::indicators
