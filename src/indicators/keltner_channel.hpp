// An average with bands that are so many average true ranges away, the common part of KC and KELTNER.
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"
#include "indicators/true_range.hpp"

namespace bourse::indicators {

// Inputs high, low, close; params: bars of the average, bars of the range, how many ranges. Kernel::middle(in) is the
// price in the middle. Where Kernel::seeded_together, the shorter of the two starts later, so that both begin with the
// same bar.
template <class Kernel>
class KeltnerChannel : public Streaming<Kernel> {
public:
    static int lookback(std::span<const double> params) {
        return std::max(static_cast<int>(params[0]) - 1, static_cast<int>(params[1]));
    }

    explicit KeltnerChannel(std::span<const double> params)
        : factor_(params[2]),
          average_(Smoothing::exponential(static_cast<int>(params[0]))),
          ranges_(Smoothing::wilder(static_cast<int>(params[1]))) {
        if (!Kernel::seeded_together) return;
        average_starts_in_ = lookback(params) - static_cast<int>(params[0]) + 1;
        range_starts_in_ = lookback(params) - static_cast<int>(params[1]);
    }

    void step(const double* in, double* out) noexcept {
        if (average_starts_in_ > 0)
            --average_starts_in_;
        else
            average_.push(Kernel::middle(in));
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
    int average_starts_in_ = 0, range_starts_in_ = 0;  // bars
};

}  // namespace bourse::indicators
