#include "stats/drift_reference.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/error.hpp"
#include "core/float_order.hpp"
#include "stats/sorting.hpp"

namespace bourse::stats {

namespace {

// 16 columns of float32 are what one line of the cache brings.
constexpr std::size_t columns_at_once = 16, gathered_bytes = std::size_t{64} << 20;

DriftReference of_sorted(std::size_t rows, const std::vector<double>& sorted, int bins,
                         const CheckInterrupts& interrupts) {
    DriftReference reference;
    reference.n = static_cast<std::int64_t>(sorted.size());
    reference.missing = static_cast<std::int64_t>(rows - sorted.size());
    reference.edges = quantile_edges(sorted, bins);
    reference.counts = bin_counts(reference.edges, sorted, interrupts);
    reference.sample = evenly_spaced(sorted, max_drift_sample);
    return reference;
}

}  // namespace

DriftReference make_drift_reference(std::vector<double> column, int bins, const CheckInterrupts& interrupts) {
    const std::size_t rows = column.size();
    std::erase_if(column, [](double v) { return !std::isfinite(v); });
    sort_checked(std::span(column), interrupts);
    return of_sorted(rows, column, bins, interrupts);
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
    for (std::size_t first = 0; first < columns; first += at_once) {
        const std::size_t some = std::min(at_once, columns - first);
        std::vector<std::size_t> taken(some);
        for (auto& values : gathered) values.resize(rows + 1);  // one too many: what is missing is written over
        for (std::size_t row = 0; row < rows; ++row) {
            if (row % 4096 == 0) check(interrupts);
            for (std::size_t i = 0; i < some; ++i) {
                const float value = matrix[row * columns + first + i];
                gathered[i][taken[i]] = value;
                taken[i] += std::isfinite(value);
            }
        }
        for (std::size_t i = 0; i < some; ++i) {
            check(interrupts);
            gathered[i].resize(taken[i]);
            sort_by_bits(gathered[i]);
            each(first + i, of_sorted(rows, {gathered[i].begin(), gathered[i].end()}, bins, interrupts));
        }
    }
}

std::vector<double> evenly_spaced(std::span<const double> sorted, std::size_t size) {
    if (sorted.size() <= size) return {sorted.begin(), sorted.end()};
    std::vector<double> sample(size);
    for (std::size_t i = 0; i < size; ++i) sample[i] = sorted[(2 * i + 1) * sorted.size() / (2 * size)];
    return sample;
}

}  // namespace bourse::stats
