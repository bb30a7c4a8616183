// Wilder's directional movement, the common part of +DI, -DI, DX, ADX and ADXR.
// Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978).
#pragma once

#include <cmath>

#include "indicators/true_range.hpp"

namespace bourse::indicators {

// How far the high rose and the low fell; only the larger move of a bar counts, of equal ones neither.
struct DirectionalMove {
    double rise, fall;
};

class DirectionalMoves {
public:
    // Takes one bar; NaN for the first.
    DirectionalMove push(double high, double low) noexcept {
        const double rise = high - high_, fall = low_ - low;
        high_ = high;
        low_ = low;
        if (!started_) {
            started_ = true;
            return {missing, missing};
        }
        return {rise > 0 && rise > fall ? rise : 0, fall > 0 && fall > rise ? fall : 0};
    }

private:
    bool started_ = false;
    double high_ = 0, low_ = 0;
};

// The first period - 1 values added up, then s - s/period + x.
class WilderSum {
public:
    explicit WilderSum(int period) noexcept : period_(period) {}
    void push(double x) noexcept {
        if (seen_ < period_ - 1) {
            sum_ += x;
            ++seen_;
        } else {
            sum_ += x - sum_ / period_;
        }
    }
    bool ready() const noexcept { return seen_ == period_ - 1; }
    double value() const noexcept { return sum_; }

private:
    int period_, seen_ = 0;
    double sum_ = 0;
};

class Directional {
public:
    explicit Directional(int period) noexcept : plus_(period), minus_(period), ranges_(period) {}

    // Takes one bar; true from the period-th change on.
    bool push(double high, double low, double close) noexcept {
        const DirectionalMove move = moves_.push(high, low);
        const double range = range_.push(high, low, close);
        if (std::isnan(range)) return false;
        const bool warm = ranges_.ready();
        plus_.push(move.rise);
        minus_.push(move.fall);
        ranges_.push(range);
        if (!warm) return false;
        const double total = plus_di() + minus_di();
        if (total != 0) dx_ = 100 * (std::fabs(plus_di() - minus_di()) / total);
        return true;
    }
    double plus_di() const noexcept { return share(plus_); }
    double minus_di() const noexcept { return share(minus_); }
    double dx() const noexcept { return dx_; }  // the one before where nothing moved

private:
    double share(const WilderSum& moves) const noexcept {
        return ranges_.value() == 0 ? 0 : 100 * (moves.value() / ranges_.value());
    }

    DirectionalMoves moves_;
    TrueRange range_;
    WilderSum plus_, minus_, ranges_;
    double dx_ = 0;
};

}  // namespace bourse::indicators
