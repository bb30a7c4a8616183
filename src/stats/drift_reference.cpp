#include "stats/drift_reference.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/error.hpp"
#include "stats/sorting.hpp"

namespace bourse::stats {

DriftReference make_drift_reference(std::vector<double> column, int bins, const CheckInterrupts& interrupts) {
    DriftReference reference;
    const std::size_t rows = column.size();
    std::erase_if(column, [](double v) { return !std::isfinite(v); });
    reference.n = static_cast<std::int64_t>(column.size());
    reference.missing = static_cast<std::int64_t>(rows - column.size());
    sort_checked(std::span(column), interrupts);
    reference.edges = quantile_edges(column, bins);
    reference.counts = bin_counts(reference.edges, column, interrupts);
    reference.sample = evenly_spaced(column, max_drift_sample);
    return reference;
}

DriftReference make_drift_reference(std::span<const float> matrix, std::size_t columns, std::size_t column, int bins,
                                    const CheckInterrupts& interrupts) {
    if (columns == 0 || column >= columns || matrix.size() % columns != 0)
        throw Error(ErrorKind::invalid_argument, "column " + std::to_string(column) + " of a matrix with " +
                                                     std::to_string(columns) + " columns and " +
                                                     std::to_string(matrix.size()) + " values");
    std::vector<double> values;
    values.reserve(matrix.size() / columns);
    for (std::size_t i = column; i < matrix.size(); i += columns) values.push_back(matrix[i]);
    return make_drift_reference(std::move(values), bins, interrupts);
}

std::vector<double> evenly_spaced(std::span<const double> sorted, std::size_t size) {
    if (sorted.size() <= size) return {sorted.begin(), sorted.end()};
    std::vector<double> sample(size);
    for (std::size_t i = 0; i < size; ++i) sample[i] = sorted[(2 * i + 1) * sorted.size() / (2 * size)];
    return sample;
}

}  // namespace bourse::stats
