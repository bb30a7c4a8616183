// Wilder's true range, a part of several indicators.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

template <class V>
class TrueRangeOf {
public:
    // Takes one bar; NaN for the first, which has no close before it.
    V push(const V& high, const V& low, const V& close) noexcept {
        const V range =
            started_ ? larger(larger(high - low, magnitude(high - before_)), magnitude(low - before_)) : V(missing);
        known_ = started_;
        started_ = true;
        before_ = close;
        return range;
    }

    bool known() const noexcept { return known_; }  // whether the last one was a number

private:
    bool started_ = false, known_ = false;
    V before_{};
};

using TrueRange = TrueRangeOf<double>;

}  // namespace bourse::indicators
