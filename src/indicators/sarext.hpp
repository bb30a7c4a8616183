// Parabolic stop and reverse with a start, an offset and an acceleration of each side.
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Sarext : public Streaming<Sarext> {
public:
    static constexpr Info info{
        .name = "sarext",
        .family = "overlap studies",
        .summary =
            "parabolic stop and reverse with a start, an offset and an acceleration of each side; below 0 "
            "while short",
        .inputs = {"high", "low"},
        .params = {Param{"startvalue", 0, -3e37, 3e37}, Param{"offsetonreverse", 0, 0, 3e37},
                   Param{"accelerationinitlong", 0.02, 0, 3e37}, Param{"accelerationlong", 0.02, 0, 3e37},
                   Param{"accelerationmaxlong", 0.2, 0, 3e37}, Param{"accelerationinitshort", 0.02, 0, 3e37},
                   Param{"accelerationshort", 0.02, 0, 3e37}, Param{"accelerationmaxshort", 0.2, 0, 3e37}},
        .outputs = {{"sarext", unit::price}},
        .formula =
            "as sar, with the acceleration at the start of a side, its step and its maximum for each side; on a turn "
            "the stop is moved away by its offsetonreverse-fold; a startvalue above 0 starts long at it, one below 0 "
            "short at its absolute value; while short the value is negated",
        .source = "TA-Lib 0.8.1 SAREXT"};

    static int lookback(std::span<const double>) { return 1; }

    explicit Sarext(std::span<const double> params)
        : start_(params[0]), offset_(params[1]), long_(params.subspan(2, 3)), short_(params.subspan(5, 3)) {}

    void step(const double* in, double* out) noexcept {
        if (started_) {
            if (!side_) choose_side(in[0], in[1]);
            out[0] = side_ > 0 ? ride(in[1], in[0], low_, high_, long_, short_)
                               : ride(in[0], in[1], high_, low_, short_, long_);
        }
        started_ = true;
        high_ = in[0];
        low_ = in[1];
    }

private:
    struct Acceleration {
        double first, step, most, now;
        explicit Acceleration(std::span<const double> params)
            : first(std::min(params[0], params[2])),
              step(std::min(params[1], params[2])),
              most(params[2]),
              now(first) {}
    };

    void choose_side(double high, double low) noexcept {
        const bool falls = low_ - low > 0 && low_ - low > high - high_;
        side_ = start_ > 0 || (start_ == 0 && !falls) ? 1 : -1;
        value_ = start_ != 0 ? std::fabs(start_) : side_ > 0 ? low_ : high_;
        extreme_ = side_ > 0 ? high : low;
        high_ = high;  // the first bar itself sets no limit
        low_ = low;
    }

    // One bar on the current side: `near` is its extreme on the stop's side, `far` the other.
    double ride(double near, double far, double near_before, double far_before, Acceleration& own,
                Acceleration& other) noexcept {
        if (side_ * (near - value_) <= 0) return turn(near, far, far_before, other);
        const double result = side_ * value_;
        if (side_ * (far - extreme_) > 0) {
            extreme_ = far;
            own.now = std::min(own.now + own.step, own.most);
        }
        value_ += own.now * (extreme_ - value_);
        value_ = side_ * std::min({side_ * value_, side_ * near_before, side_ * near});
        return result;
    }
    double turn(double near, double far, double far_before, Acceleration& other) noexcept {
        double stop = side_ * std::max({side_ * extreme_, side_ * far_before, side_ * far});
        stop += side_ * offset_ * stop;
        other.now = other.first;
        extreme_ = near;
        value_ = stop + other.now * (extreme_ - stop);
        value_ = side_ * std::max({side_ * value_, side_ * far_before, side_ * far});
        side_ = -side_;
        return side_ * stop;
    }

    double start_, offset_;
    Acceleration long_, short_;
    bool started_ = false;
    int side_ = 0;  // 1 long, -1 short
    double high_ = 0, low_ = 0, value_ = 0, extreme_ = 0;
};

}  // namespace bourse::indicators
