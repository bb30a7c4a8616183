#include "stats/inference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace bourse::stats {
namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

}  // namespace

std::size_t newey_west_lags(std::size_t n) noexcept {
    return static_cast<std::size_t>(4 * std::pow(static_cast<double>(n) / 100, 2.0 / 9));
}

MeanError newey_west(std::span<const double> series, std::size_t lags) {
    const std::size_t n = series.size();
    MeanError result{n, nan_value, nan_value, nan_value, nan_value};
    if (n == 0) return result;
    const auto count = static_cast<double>(n);
    result.mean = std::accumulate(series.begin(), series.end(), 0.0) / count;
    if (n < 2) return result;
    double variance = 0;
    for (std::size_t lag = 0; lag <= std::min(lags, n - 1); ++lag) {
        double sum = 0;
        for (std::size_t i = lag; i < n; ++i) sum += (series[i] - result.mean) * (series[i - lag] - result.mean);
        const double weight = 1 - static_cast<double>(lag) / static_cast<double>(lags + 1);
        variance += (lag == 0 ? 1 : 2 * weight) * sum / count;
    }
    result.error = std::sqrt(std::max(variance, 0.0) / count);
    if (!(result.error > 0)) return result;
    result.t = result.mean / result.error;
    result.p = std::erfc(std::fabs(result.t) / std::sqrt(2.0));
    return result;
}

std::vector<double> benjamini_hochberg(std::span<const double> p) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < p.size(); ++i)
        if (!std::isnan(p[i])) order.push_back(i);
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return p[a] != p[b] ? p[a] < p[b] : a < b; });
    std::vector<double> adjusted(p.size(), nan_value);
    double least = 1;
    for (std::size_t rank = order.size(); rank > 0; --rank) {
        const std::size_t i = order[rank - 1];
        least = std::min(least, p[i] * static_cast<double>(order.size()) / static_cast<double>(rank));
        adjusted[i] = least;
    }
    return adjusted;
}

}  // namespace bourse::stats
