// Keltner channel of the close.
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"
#include "indicators/true_range.hpp"

namespace bourse::indicators {

class Keltner : public Streaming<Keltner> {
public:
    static constexpr Info info{.name = "keltner",
                               .family = "overlap studies",
                               .summary = "Keltner channel of the close",
                               .inputs = {"high", "low", "close"},
                               .params = {period("timeperiod", 20), period("atrperiod", 10), multiplier("nbdev", 2)},
                               .outputs = {"upper", "middle", "lower"},
                               .formula =
                                   "middle: ema of close over timeperiod bars; upper and lower: middle +- nbdev * "
                                   "atr(atrperiod)",
                               .source = "Chester Keltner, Linda Raschke; values of Skender.Stock.Indicators"};

    static int lookback(std::span<const double> params) {
        return std::max(static_cast<int>(params[0]) - 1, static_cast<int>(params[1]));
    }

    explicit Keltner(std::span<const double> params)
        : factor_(params[2]),
          average_(Smoothing::exponential(static_cast<int>(params[0]))),
          ranges_(Smoothing::wilder(static_cast<int>(params[1]))) {}

    void step(const double* in, double* out) noexcept {
        average_.push(in[2]);
        const double range = range_.push(in[0], in[1], in[2]);
        if (!std::isnan(range)) ranges_.push(range);
        if (!(average_.ready() && ranges_.ready())) return;
        out[0] = average_.value() + factor_ * ranges_.value();
        out[1] = average_.value();
        out[2] = average_.value() - factor_ * ranges_.value();
    }

private:
    double factor_;
    Smoothing average_, ranges_;
    TrueRange range_;
};

}  // namespace bourse::indicators
