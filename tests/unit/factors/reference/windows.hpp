// Definitions over a window of one or two series; see definitions.hpp.
#pragma once

#include "factors/reference/definitions.hpp"

namespace bourse::factors::reference {

inline Expected none() { return {std::numeric_limits<long double>::quiet_NaN(), 0, true}; }
inline Expected exactly(long double value) { return {value, 0, true}; }
// Rounding alone decides: values spread less than 1e-13 of their size, or beyond what double squares hold.
inline Expected not_compared() { return {0, 0, false}; }

// One rounding of double, as a share of the value; values in a window carry a few dozen of them.
inline constexpr long double unit_roundoff = 2.3e-16L, some_roundings = 1e-14L;

struct Sample {
    std::vector<long double> x;
    bool constant() const;
    long double sum() const;
    long double mean() const;
    long double largest() const;           // of |x|
    long double centred(int power) const;  // sum of (x - mean)^power
    long double deviation() const;         // sample standard deviation
    // Too little spread, or too large or small for squares and fourth powers in double.
    bool ill() const;
};

// Null when `op` is no operator over a window of one series.
using OneSeries = Expected (*)(const std::vector<double>& x, std::size_t row, const std::vector<double>& params);
OneSeries over_one(const std::string& op);
using TwoSeries = Expected (*)(const std::vector<double>& x, const std::vector<double>& y, std::size_t row,
                               const std::vector<double>& params);
TwoSeries over_two(const std::string& op);

}  // namespace bourse::factors::reference
