// Wilder's directional movement, the common part of +DI, -DI, DX, ADX and ADXR.
// Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978).
#pragma once

#include "indicators/true_range.hpp"

namespace bourse::indicators {

// How far the high rose and the low fell; only the larger move of a bar counts, of equal ones neither.
template <class V>
struct DirectionalMoveOf {
    V rise, fall;
};

template <class V>
class DirectionalMovesOf {
public:
    // Takes one bar; NaN for the first.
    DirectionalMoveOf<V> push(const V& high, const V& low) noexcept {
        const V rise = high - high_, fall = low_ - low;
        high_ = high;
        low_ = low;
        if (!started_) {
            started_ = true;
            return {V(missing), V(missing)};
        }
        return {select((rise > 0.0) & (rise > fall), rise, 0.0), select((fall > 0.0) & (fall > rise), fall, 0.0)};
    }

private:
    bool started_ = false;
    V high_{}, low_{};
};

using DirectionalMoves = DirectionalMovesOf<double>;
using DirectionalMove = DirectionalMoveOf<double>;

// The first period - 1 values added up, then s - s/period + x.
template <class V>
class WilderSumOf {
public:
    explicit WilderSumOf(int period) noexcept : period_(period) {}
    void push(const V& x) noexcept {
        if (seen_ < period_ - 1) {
            sum_ += x;
            ++seen_;
        } else {
            sum_ += x - divided(sum_, static_cast<double>(period_));
        }
    }
    bool ready() const noexcept { return seen_ == period_ - 1; }
    const V& value() const noexcept { return sum_; }

private:
    int period_, seen_ = 0;
    V sum_{};
};

using WilderSum = WilderSumOf<double>;

template <class V>
class DirectionalOf {
public:
    explicit DirectionalOf(int period) noexcept : plus_(period), minus_(period), ranges_(period) {}

    // Takes one bar; true from the period-th change on.
    bool push(const V& high, const V& low, const V& close) noexcept {
        const DirectionalMoveOf<V> move = moves_.push(high, low);
        const V range = range_.push(high, low, close);
        if (!range_.known()) return false;
        const bool warm = ranges_.ready();
        plus_.push(move.rise);
        minus_.push(move.fall);
        ranges_.push(range);
        if (!warm) return false;
        // The ranges, by which both directions are divided, cancel.
        const V plus = plus_.value(), minus = minus_.value(), total = plus + minus;
        dx_ = select((total != 0.0) & (ranges_.value() != 0.0), 100.0 * (magnitude(plus - minus) / total), dx_);
        return true;
    }
    V plus_di() const noexcept { return share(plus_); }
    V minus_di() const noexcept { return share(minus_); }
    const V& dx() const noexcept { return dx_; }  // the one before where nothing moved

private:
    V share(const WilderSumOf<V>& moves) const noexcept {
        return select(ranges_.value() == 0.0, 0.0, 100.0 * (moves.value() / ranges_.value()));
    }

    DirectionalMovesOf<V> moves_;
    TrueRangeOf<V> range_;
    WilderSumOf<V> plus_, minus_, ranges_;
    V dx_{};
};

using Directional = DirectionalOf<double>;

}  // namespace bourse::indicators
