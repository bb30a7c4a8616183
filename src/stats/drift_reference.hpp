// What is kept of a training column, so that later data can be compared with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/interrupt.hpp"
#include "stats/psi.hpp"

namespace bourse::stats {

inline constexpr std::size_t max_drift_sample = 5000;

struct DriftReference {
    std::int64_t n = 0;                // finite values
    std::int64_t missing = 0;          // NaN and infinite ones
    std::vector<double> edges;         // PSI bins, see quantile_edges; empty when n = 0
    std::vector<std::int64_t> counts;  // edges.size() + 1 values with sum n
    std::vector<double> sample;  // ascending; all values up to max_drift_sample, else evenly spaced order statistics
};

// The values of one feature over the training rows, in any order; sorted in place, so pass a copy by std::move.
DriftReference make_drift_reference(std::vector<double> column, int bins = default_psi_bins,
                                    const CheckInterrupts& interrupts = {});

// The same of a column of `rows` rows whose values, without the missing ones, are in ascending order; infinite ones at
// both ends count as missing.
DriftReference sorted_drift_reference(std::size_t rows, std::span<const float> sorted, int bins = default_psi_bins);

// The same of each column of a row-major matrix of floats, from the first to the last.
void each_drift_reference(std::span<const float> matrix, std::size_t columns,
                          const std::function<void(std::size_t column, DriftReference)>& each,
                          int bins = default_psi_bins, const CheckInterrupts& interrupts = {});

// At most `size` of the values, at the positions (i + ½) n / size: keeps the shape of the distribution, depends on no
// chance.
std::vector<double> evenly_spaced(std::span<const double> sorted, std::size_t size);

}  // namespace bourse::stats
