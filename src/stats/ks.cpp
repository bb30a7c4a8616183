#include "stats/ks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "stats/kolmogorov.hpp"
#include "stats/sorting.hpp"

namespace bourse::stats {
namespace {

// Equal sizes: 2 (C(2n,n-h) - C(2n,n-2h) + …) / C(2n,n), nested so that large binomials never stand alone.
double exact_p_equal_sizes(std::int64_t n, std::int64_t h, const CheckInterrupts& interrupts) {
    double p = 0;
    for (std::int64_t k = n / h; k >= 0; --k) {
        check(interrupts);
        double factor = 1;
        for (std::int64_t j = 0; j < h; ++j)
            factor *= static_cast<double>(n - k * h - j) / static_cast<double>(n + k * h + j + 1);
        p = factor * (1 - p);
    }
    return 2 * p;
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Share of the lattice paths (0,0) -> (m,n) that leave the band |i n/g - j m/g| < h, one antidiagonal i + j = s after
// the other: a path comes to (i,j) through (i-1,j) with chance i/s, through (i,j-1) with j/s. Cells outside the band
// hold 1.
double exact_p_by_paths(std::int64_t m, std::int64_t n, std::int64_t h, const CheckInterrupts& interrupts) {
    const std::int64_t g = std::gcd(m, n);
    const std::int64_t mg = m / g;
    const std::int64_t ng = n / g;
    std::vector<double> index(static_cast<std::size_t>(m) + 3);
    std::iota(index.begin(), index.end(), -1.0);  // index[i + 1] = i: cell i stands at place i + 1
    std::vector<double> now(index.size(), 0.0);
    std::vector<double> next(index.size(), 0.0);
    now[0] = now[2] = 1;
    for (std::int64_t s = 1; s <= m + n; ++s) {
        if ((s & 0x3f) == 0) check(interrupts);
        const std::int64_t lowest = std::max({floor_div(s * mg - h, mg + ng) + 1, s - n, std::int64_t{0}});
        const std::int64_t highest = std::min({-floor_div(-(s * mg + h), mg + ng) - 1, m, s});
        if (lowest > highest) return 1;
        const auto sum = static_cast<double>(s);
        const double inverse = 1 / sum;
        const double* from = now.data();
        const double* place = index.data();
        double* to = next.data();
        for (auto i = static_cast<std::size_t>(lowest) + 1; i <= static_cast<std::size_t>(highest) + 1; ++i)
            to[i] = (from[i - 1] * place[i] + from[i] * (sum - place[i])) * inverse;
        to[lowest] = 1;
        to[highest + 2] = 1;
        now.swap(next);
    }
    return now[static_cast<std::size_t>(m) + 1];
}

// At most 30 steps: whether the pool has fewer than 30 distinct values, and ties among them.
bool has_heavy_ties(std::span<const double> a, std::span<const double> b) {
    std::size_t distinct = 0;
    auto i = a.begin();
    auto j = b.begin();
    while (i != a.end() || j != b.end()) {
        if (++distinct >= 30) return false;
        const double value = j == b.end() || (i != a.end() && *i <= *j) ? *i : *j;
        i = std::upper_bound(i, a.end(), value);
        j = std::upper_bound(j, b.end(), value);
    }
    return distinct < a.size() + b.size();
}

}  // namespace

std::uint64_t ks_steps(std::span<const double> a, std::span<const double> b, const CheckInterrupts& interrupts) {
    if (a.empty() || b.empty()) return 0;
    std::size_t i = 0;
    std::size_t j = 0;
    std::int64_t distance = 0;  // i n_b - j n_a
    std::int64_t largest = 0;
    const auto n_a = static_cast<std::int64_t>(a.size());
    const auto n_b = static_cast<std::int64_t>(b.size());
    for (std::size_t ties = 0; i < a.size() && j < b.size(); ++ties) {
        if ((ties & 0xffff) == 0) check(interrupts);
        const double value = std::min(a[i], b[j]);
        for (; i < a.size() && a[i] <= value; ++i) distance += n_b;
        for (; j < b.size() && b[j] <= value; ++j) distance -= n_a;
        largest = std::max(largest, std::abs(distance));
    }
    return static_cast<std::uint64_t>(largest);
}

double ks_exact_p(std::size_t n_a, std::size_t n_b, std::uint64_t steps, const CheckInterrupts& interrupts) {
    if (n_a == 0 || n_b == 0 || steps == 0) return 1;
    const auto m = static_cast<std::int64_t>(std::min(n_a, n_b));
    const auto n = static_cast<std::int64_t>(std::max(n_a, n_b));
    const auto h = static_cast<std::int64_t>(steps) / std::gcd(m, n);
    const double p = m == n ? exact_p_equal_sizes(n, h, interrupts) : exact_p_by_paths(m, n, h, interrupts);
    return std::clamp(p, 0.0, 1.0);
}

double ks_asymptotic_p(std::size_t n_a, std::size_t n_b, double d, const CheckInterrupts& interrupts) {
    if (n_a == 0 || n_b == 0) return 1;
    const auto a = static_cast<double>(n_a);
    const auto b = static_cast<double>(n_b);
    return kolmogorov_sf(std::max<std::int64_t>(1, std::llrint(a * (b / (a + b)))), d, interrupts);
}

KsResult ks_test_sorted(std::span<const double> a, std::span<const double> b, KsMethod method,
                        const CheckInterrupts& interrupts) {
    KsResult result{.n_a = a.size(), .n_b = b.size()};
    if (method == KsMethod::automatic)
        method = std::max(a.size(), b.size()) <= max_exact_ks ? KsMethod::exact : KsMethod::asymptotic;
    result.method = method;
    if (a.empty() || b.empty()) {
        result.statistic = result.p_value = std::numeric_limits<double>::quiet_NaN();
        result.note = KsNote::insufficient_data;
        return result;
    }
    const std::uint64_t steps = ks_steps(a, b, interrupts);
    result.statistic = static_cast<double>(steps) / (static_cast<double>(a.size()) * static_cast<double>(b.size()));
    result.p_value = method == KsMethod::exact ? ks_exact_p(a.size(), b.size(), steps, interrupts)
                                               : ks_asymptotic_p(a.size(), b.size(), result.statistic, interrupts);
    if (a.front() == a.back() && b.front() == b.back())
        result.note = KsNote::constant;
    else if (has_heavy_ties(a, b))
        result.note = KsNote::heavy_ties;
    return result;
}

KsResult ks_test(std::vector<double> a, std::vector<double> b, KsMethod method, const CheckInterrupts& interrupts) {
    for (auto* side : {&a, &b}) {
        std::erase_if(*side, [](double v) { return !std::isfinite(v); });
        sort_checked(std::span(*side), interrupts);
    }
    return ks_test_sorted(a, b, method, interrupts);
}

}  // namespace bourse::stats
