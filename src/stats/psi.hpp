// Population stability index over bins that were frozen with the reference.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/interrupt.hpp"

namespace bourse::stats {

inline constexpr int default_psi_bins = 10;
inline constexpr int max_psi_bins = 1000;
inline constexpr double psi_zero_share = 1e-4;  // stands for the share of an empty bin, as Evidently does it

// Inner edges of `bins` bins with equal counts: the quantiles k/bins, linear between order statistics (R type 7),
// duplicates dropped. With edges e0 < e1 < … the bins are (-inf, e0), [e0, e1), …, [last, inf). A constant reference c
// gives the bins below c, equal to c, above c. Empty input: no edges. Input   sorted ascending, finite.   Errors
// invalid_argument unless 2 <= bins <= max_psi_bins.
std::vector<double> quantile_edges(std::span<const double> sorted, int bins = default_psi_bins);
std::vector<double> quantile_edges(std::span<const float> sorted, int bins = default_psi_bins);

// How many of the finite values lie in each bin; edges.size() + 1 counts. NaN and infinities are left out.
std::vector<std::int64_t> bin_counts(std::span<const double> edges, std::span<const double> values,
                                     const CheckInterrupts& interrupts = {});

// The same of values in ascending order, all of them finite: a look for each edge instead of one for each value.
std::vector<std::int64_t> sorted_bin_counts(std::span<const double> edges, std::span<const double> sorted);
std::vector<std::int64_t> sorted_bin_counts(std::span<const double> edges, std::span<const float> sorted);

// sum (p - q) ln(p / q) over the bins' shares p, q; a zero share counts as psi_zero_share, nothing is renormalised.
// Result >= 0; NaN when either side is empty. Errors  invalid_argument when the numbers of bins differ or a count is
// negative. Under no drift its expectation is about (bins - 1) (1/n + 1/m).
double psi(std::span<const std::int64_t> reference, std::span<const std::int64_t> current);

}  // namespace bourse::stats
