// Exponential smoothing as TA-Lib seeds it.
#pragma once

namespace bourse::indicators {

// value += weight * (x - value), from the mean of the first `seed_count` values on.
template <class V>
class SmoothingOf {
public:
    SmoothingOf(double weight, int seed_count) noexcept : weight_(weight), seed_count_(seed_count) {}

    void push(const V& x) noexcept {
        if (seen_ < seed_count_) {
            sum_ += x;
            if (++seen_ == seed_count_) value_ = divided(sum_, static_cast<double>(seed_count_));
        } else {
            value_ += weight_ * (x - value_);
        }
    }
    bool ready() const noexcept { return seen_ == seed_count_; }
    const V& value() const noexcept { return value_; }  // only when ready

    static SmoothingOf exponential(int period) noexcept { return {2.0 / (period + 1.0), period}; }
    // As Chinese terminals seed it: with the first value.
    SmoothingOf from_first() const noexcept { return {weight_, 1}; }

    static SmoothingOf wilder(int period) noexcept { return {1.0 / period, period}; }

private:
    double weight_;
    int seed_count_;
    int seen_ = 0;
    V sum_{}, value_{};
};

using Smoothing = SmoothingOf<double>;

}  // namespace bourse::indicators
