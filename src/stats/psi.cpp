#include "stats/psi.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "core/error.hpp"

namespace bourse::stats {
namespace {

template <class T>
double quantile(std::span<const T> sorted, double ratio) {
    const double position = ratio * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const double fraction = position - static_cast<double>(below);
    const double low = sorted[below];
    if (fraction == 0 || below + 1 >= sorted.size()) return low;
    // Weighted, not by difference: the difference of two huge values may overflow.
    const double high = sorted[below + 1];
    return low == high ? low : low * (1 - fraction) + high * fraction;
}

template <class T>
std::vector<double> edges_of(std::span<const T> sorted, int bins) {
    if (bins < 2 || bins > max_psi_bins)
        throw Error(ErrorKind::invalid_argument,
                    "bins must be between 2 and " + std::to_string(max_psi_bins) + ", got " + std::to_string(bins));
    if (sorted.empty()) return {};
    const double first = sorted.front();
    if (sorted.front() == sorted.back()) return {first, std::nextafter(first, std::numeric_limits<double>::infinity())};
    std::vector<double> edges;
    for (int k = 1; k < bins; ++k) edges.push_back(quantile(sorted, static_cast<double>(k) / bins));
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    return edges;
}

template <class T>
std::vector<std::int64_t> counts_of(std::span<const double> edges, std::span<const T> sorted) {
    std::vector<std::int64_t> counts;
    auto from = sorted.begin();
    for (const double edge : edges) {
        const auto to = std::lower_bound(from, sorted.end(), edge);
        counts.push_back(to - from);
        from = to;
    }
    counts.push_back(sorted.end() - from);
    return counts;
}

double share(std::int64_t count, std::int64_t total) {
    return count == 0 ? psi_zero_share : static_cast<double>(count) / static_cast<double>(total);
}

}  // namespace

std::vector<double> quantile_edges(std::span<const double> sorted, int bins) { return edges_of(sorted, bins); }
std::vector<double> quantile_edges(std::span<const float> sorted, int bins) { return edges_of(sorted, bins); }

std::vector<std::int64_t> sorted_bin_counts(std::span<const double> edges, std::span<const double> sorted) {
    return counts_of(edges, sorted);
}
std::vector<std::int64_t> sorted_bin_counts(std::span<const double> edges, std::span<const float> sorted) {
    return counts_of(edges, sorted);
}

std::vector<std::int64_t> bin_counts(std::span<const double> edges, std::span<const double> values,
                                     const CheckInterrupts& interrupts) {
    std::vector<std::int64_t> counts(edges.size() + 1);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if ((i & 0xffff) == 0) check(interrupts);
        if (!std::isfinite(values[i])) continue;
        ++counts[static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), values[i]) - edges.begin())];
    }
    return counts;
}

double psi(std::span<const std::int64_t> reference, std::span<const std::int64_t> current) {
    if (reference.size() != current.size())
        throw Error(ErrorKind::invalid_argument, "reference has " + std::to_string(reference.size()) +
                                                     " bins, current " + std::to_string(current.size()));
    for (const auto side : {reference, current})
        for (const std::int64_t count : side)
            if (count < 0)
                throw Error(ErrorKind::invalid_argument, "negative count in a bin: " + std::to_string(count));
    const auto n = std::accumulate(reference.begin(), reference.end(), std::int64_t{0});
    const auto m = std::accumulate(current.begin(), current.end(), std::int64_t{0});
    if (n == 0 || m == 0) return std::numeric_limits<double>::quiet_NaN();
    double sum = 0;
    for (std::size_t i = 0; i < reference.size(); ++i) {
        const double p = share(reference[i], n);
        const double q = share(current[i], m);
        sum += (p - q) * std::log(p / q);
    }
    return sum;
}

}  // namespace bourse::stats
