// Exponential smoothing as TA-Lib seeds it.
#pragma once

namespace bourse::indicators {

// value += weight * (x - value), from the mean of the first `seed_count` values on.
class Smoothing {
public:
    Smoothing(double weight, int seed_count) noexcept : weight_(weight), seed_count_(seed_count) {}

    void push(double x) noexcept {
        if (seen_ < seed_count_) {
            sum_ += x;
            if (++seen_ == seed_count_) value_ = sum_ / seed_count_;
        } else {
            value_ += weight_ * (x - value_);
        }
    }
    bool ready() const noexcept { return seen_ == seed_count_; }
    double value() const noexcept { return value_; }  // only when ready

    static Smoothing exponential(int period) noexcept { return {2.0 / (period + 1.0), period}; }
    // As Chinese terminals seed it: with the first value.
    Smoothing from_first() const noexcept { return {weight_, 1}; }

    static Smoothing wilder(int period) noexcept { return {1.0 / period, period}; }

private:
    double weight_;
    int seed_count_;
    int seen_ = 0;
    double sum_ = 0, value_ = 0;
};

}  // namespace bourse::indicators
