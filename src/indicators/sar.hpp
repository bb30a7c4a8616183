// Parabolic stop and reverse.
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Sar : public Streaming<Sar> {
public:
    static constexpr Info info{.name = "sar",
                               .family = "overlap studies",
                               .summary = "parabolic stop and reverse",
                               .inputs = {"high", "low"},
                               .params = {Param{"acceleration", 0.02, 0, 1}, Param{"maximum", 0.2, 0, 1}},
                               .outputs = {{"sar", unit::price}},
                               .formula =
                                   "sar + a*(e - sar), never beyond the last two bars; e: extreme since the "
                                   "last turn; a: acceleration more with every new extreme, at most maximum; "
                                   "a bar that touches it turns it to e; it starts short if the second bar "
                                   "falls more than it rises, with the high, else the low, of the first",
                               .source = "TA-Lib 0.8.1 SAR"};

    static int lookback(std::span<const double>) { return 1; }

    explicit Sar(std::span<const double> params)
        : step_(std::min(params[0], params[1])), maximum_(params[1]), factor_(step_) {}

    void step(const double* in, double* out) noexcept {
        if (!started_) {
            started_ = true;
        } else {
            if (!sided_) choose_side(in[0], in[1]);
            out[0] = long_ ? ride(in[1], in[0], low_, high_, 1) : ride(in[0], in[1], high_, low_, -1);
        }
        high_ = in[0];
        low_ = in[1];
    }

private:
    void choose_side(double high, double low) noexcept {
        sided_ = true;
        long_ = !(low_ - low > 0 && low_ - low > high - high_);
        value_ = long_ ? low_ : high_;
        extreme_ = long_ ? high : low;
        high_ = high;  // the first bar itself sets no limit
        low_ = low;
    }

    // One bar in the direction `side` (1 long, -1 short): `near` is its extreme on the stop's side, `far` the other.
    double ride(double near, double far, double near_before, double far_before, int side) noexcept {
        if (side * (near - value_) <= 0) return turn(near, far, far_before, side);
        const double result = value_;
        if (side * (far - extreme_) > 0) {
            extreme_ = far;
            factor_ = std::min(factor_ + step_, maximum_);
        }
        value_ += factor_ * (extreme_ - value_);
        value_ = side * std::min({side * value_, side * near_before, side * near});
        return result;
    }
    double turn(double near, double far, double far_before, int side) noexcept {
        long_ = !long_;
        const double result = side * std::max({side * extreme_, side * far_before, side * far});
        factor_ = step_;
        extreme_ = near;
        value_ = result + factor_ * (extreme_ - result);
        value_ = side * std::max({side * value_, side * far_before, side * far});
        return result;
    }

    double step_, maximum_, factor_;
    bool started_ = false, sided_ = false, long_ = false;
    double high_ = 0, low_ = 0, value_ = 0, extreme_ = 0;
};

}  // namespace bourse::indicators
