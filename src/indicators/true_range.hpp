// Wilder's true range, a part of several indicators.
#pragma once

#include <algorithm>
#include <cmath>

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class TrueRange {
public:
    // Takes one bar; NaN for the first, which has no close before it.
    double push(double high, double low, double close) noexcept {
        const double range =
            started_ ? std::max({high - low, std::fabs(high - before_), std::fabs(low - before_)}) : missing;
        started_ = true;
        before_ = close;
        return range;
    }

private:
    bool started_ = false;
    double before_ = 0;
};

}  // namespace bourse::indicators
