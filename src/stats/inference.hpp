// Errors of means of dependent series, and p-values of many tests at once.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace bourse::stats {

struct MeanError {
    std::size_t n = 0;
    double mean = 0;   // NaN for n = 0
    double error = 0;  // its standard error; NaN for n < 2
    double t = 0;      // mean / error; NaN where the error is 0 or missing
    double p = 0;      // two-sided, of the normal law; NaN where t is
};

// Lags of a Newey-West error: floor(4 (n/100)^(2/9)).
std::size_t newey_west_lags(std::size_t n) noexcept;

// Mean of a series with the error of Newey and West (1987): Bartlett weights 1 - l/(lags+1), covariances divided by n.
// Values must be finite. Source: shared spec statistics.md, 2.9.
MeanError newey_west(std::span<const double> series, std::size_t lags);

// p-values adjusted by Benjamini and Hochberg (1995), in the order given; NaN stays NaN and counts as no test.
std::vector<double> benjamini_hochberg(std::span<const double> p);

}  // namespace bourse::stats
