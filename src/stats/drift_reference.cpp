#include "stats/drift_reference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/error.hpp"
#include "core/float_order.hpp"
#include "core/gather.hpp"
#include "stats/sorting.hpp"

namespace bourse::stats {

namespace {

constexpr std::size_t gathered_bytes = std::size_t{64} << 20;

template <class T>
std::vector<double> spread(std::span<const T> sorted, std::size_t size) {
    if (sorted.size() <= size) return {sorted.begin(), sorted.end()};
    std::vector<double> sample(size);
    for (std::size_t i = 0; i < size; ++i) sample[i] = sorted[(2 * i + 1) * sorted.size() / (2 * size)];
    return sample;
}

template <class T>
DriftReference of_sorted(std::size_t rows, std::span<const T> sorted, int bins) {
    DriftReference reference;
    reference.n = static_cast<std::int64_t>(sorted.size());
    reference.missing = static_cast<std::int64_t>(rows - sorted.size());
    reference.edges = quantile_edges(sorted, bins);
    reference.counts = sorted_bin_counts(reference.edges, sorted);
    reference.sample = spread(sorted, max_drift_sample);
    return reference;
}

}  // namespace

DriftReference sorted_drift_reference(std::size_t rows, std::span<const float> sorted, int bins) {
    const float huge = std::numeric_limits<float>::infinity();
    while (!sorted.empty() && sorted.front() == -huge) sorted = sorted.subspan(1);
    while (!sorted.empty() && sorted.back() == huge) sorted = sorted.first(sorted.size() - 1);
    return of_sorted(rows, sorted, bins);
}

DriftReference make_drift_reference(std::vector<double> column, int bins, const CheckInterrupts& interrupts) {
    const std::size_t rows = column.size();
    std::erase_if(column, [](double v) { return !std::isfinite(v); });
    sort_checked(std::span(column), interrupts);
    return of_sorted(rows, std::span<const double>(column), bins);
}

void each_drift_reference(std::span<const float> matrix, std::size_t columns,
                          const std::function<void(std::size_t, DriftReference)>& each, int bins,
                          const CheckInterrupts& interrupts) {
    if (columns == 0 || matrix.size() % columns != 0)
        throw Error(ErrorKind::invalid_argument, "a matrix with " + std::to_string(columns) + " columns and " +
                                                     std::to_string(matrix.size()) + " values");
    const std::size_t rows = matrix.size() / columns;
    const std::size_t at_once =
        std::clamp<std::size_t>(gathered_bytes / (sizeof(float) * (rows + 1)), 1, columns_at_once);
    std::vector<std::vector<float>> gathered(at_once);
    FloatSorter sorter;
    for (std::size_t first = 0; first < columns; first += at_once) {
        const std::span some(gathered.data(), std::min(at_once, columns - first));
        check(interrupts);
        gather_columns(
            matrix, columns, first, [](std::size_t) { return true; }, some);
        for (std::size_t i = 0; i < some.size(); ++i) {
            check(interrupts);
            sorter.sort(some[i]);
            each(first + i, sorted_drift_reference(rows, some[i], bins));
        }
    }
}

std::vector<double> evenly_spaced(std::span<const double> sorted, std::size_t size) { return spread(sorted, size); }

}  // namespace bourse::stats
