// Wilder's directional movement, the common part of +DI, -DI, DX, ADX and ADXR.
// Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978).
#pragma once

#include <cmath>

#include "indicators/true_range.hpp"

namespace bourse::indicators {

class Directional {
public:
    explicit Directional(int period) noexcept : period_(period) {}

    // Takes one bar; true from the period-th change on.
    bool push(double high, double low, double close) noexcept {
        const double rise = high - high_, fall = low_ - low, range = range_.push(high, low, close);
        high_ = high;
        low_ = low;
        if (std::isnan(range)) return false;
        const bool first_part = ++changes_ < period_;
        accumulate(plus_, rise > 0 && rise > fall ? rise : 0, first_part);
        accumulate(minus_, fall > 0 && fall > rise ? fall : 0, first_part);
        accumulate(ranges_, range, first_part);
        if (first_part) return false;
        changes_ = period_;
        const double total = plus_di() + minus_di();
        if (total != 0) dx_ = 100 * (std::fabs(plus_di() - minus_di()) / total);
        return true;
    }
    double plus_di() const noexcept { return ranges_ == 0 ? 0 : 100 * (plus_ / ranges_); }
    double minus_di() const noexcept { return ranges_ == 0 ? 0 : 100 * (minus_ / ranges_); }
    double dx() const noexcept { return dx_; }  // the one before where nothing moved

private:
    void accumulate(double& sum, double x, bool first_part) const noexcept {
        sum += first_part ? x : x - sum / period_;
    }

    int period_, changes_ = 0;
    TrueRange range_;
    double high_ = 0, low_ = 0;
    double plus_ = 0, minus_ = 0, ranges_ = 0, dx_ = 0;
};

}  // namespace bourse::indicators
