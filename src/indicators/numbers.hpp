// What a kernel needs to be written once for a series (V = double) and for several side by side (V = Lanes, lanes.hpp):
// a decision that depends on the data is a select(), never a branch. Counts of bars are the same in every lane and stay
// plain numbers. These are the forms for one series; the others are found beside Lanes.
#pragma once

#include <algorithm>
#include <cmath>

namespace bourse::indicators {

inline double select(bool which, double a, double b) noexcept { return which ? a : b; }
inline double larger(double a, double b) noexcept { return std::max(a, b); }
inline double smaller(double a, double b) noexcept { return std::min(a, b); }
inline double magnitude(double x) noexcept { return std::fabs(x); }
inline double root(double x) noexcept { return std::sqrt(x); }
// By a whole number, or half of one, from 1/2 to 2^50. Lanes multiply by its inverse and correct what that rounds.
inline double divided(double x, double by) noexcept { return x / by; }

// Whether a difference is nothing but rounding: at most 1e-14 of the magnitudes it was taken from (TA-Lib 0.8's test).
template <class V>
auto negligible(const V& difference, const V& scale) noexcept {
    return magnitude(difference) <= 1e-14 * scale;
}

}  // namespace bourse::indicators
