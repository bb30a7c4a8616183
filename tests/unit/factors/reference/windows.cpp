#include "factors/reference/windows.hpp"

#include <numeric>

namespace bourse::factors::reference {
namespace {

using Series = std::vector<double>;
using Params = std::vector<double>;

std::size_t start_of(std::size_t row, double n) {
    return n == 0 || static_cast<double>(row) + 1 <= n ? 0 : row + 1 - static_cast<std::size_t>(n);
}

// Infinities are missing inside windows.
bool here(double value) { return std::isfinite(value); }

struct Window {
    Sample values;
    std::vector<std::size_t> rows;  // of the values
    std::size_t start;
};
Window window(const Series& x, std::size_t row, double n) {
    Window w;
    w.start = start_of(row, n);
    for (std::size_t r = w.start; r <= row; ++r)
        if (here(x[r])) w.values.x.push_back(x[r]), w.rows.push_back(r);
    return w;
}

// Weights (1 - alpha)^age over the values present, counted from the newest of them.
Expected exponential(const Series& x, std::size_t row, double alpha) {
    const Window w = window(x, row, 0);
    if (w.rows.empty()) return none();
    long double sum = 0, weights = 0;
    for (std::size_t k = 0; k < w.rows.size(); ++k) {
        const auto age = static_cast<long double>(w.rows.back() - w.rows[k]);
        const long double weight = age == 0 ? 1 : std::pow(1 - static_cast<long double>(alpha), age);
        sum += weight * w.values.x[k];
        weights += weight;
    }
    return {sum / weights, 10 * some_roundings * w.values.largest(), true};
}

Expected mean(const Series& x, std::size_t row, const Params& p) {
    if (p[0] > 0 && p[0] < 1) return exponential(x, row, p[0]);
    const auto v = window(x, row, p[0]).values;
    if (v.x.empty()) return none();
    return {v.mean(), v.constant() ? 0 : some_roundings * v.largest(), true};
}

Expected sum(const Series& x, std::size_t row, const Params& p) {
    const auto v = window(x, row, p[0]).values;
    if (v.x.empty()) return none();
    long double sizes = 0;
    for (const auto value : v.x) sizes += std::fabs(value);
    return {v.sum(), some_roundings * sizes, true};
}

Expected standard(const Series& x, std::size_t row, const Params& p) {
    const auto v = window(x, row, p[0]).values;
    if (v.x.size() < 2) return none();
    if (v.constant()) return exactly(0);
    if (v.ill()) return not_compared();
    return {v.deviation(), some_roundings * v.largest() + 1e-13L * v.deviation(), true};
}

Expected variance(const Series& x, std::size_t row, const Params& p) {
    Expected e = standard(x, row, p);
    const long double s = e.value, t = e.tolerance;
    return {s * s, 2 * s * t + t * t, e.compared};
}

Expected skewness(const Series& x, std::size_t row, const Params& p) {
    const auto v = window(x, row, p[0]).values;
    if (v.x.size() < 3 || v.constant()) return none();
    if (v.ill()) return not_compared();
    const auto n = static_cast<long double>(v.x.size());
    const long double m2 = v.centred(2) / n, m3 = v.centred(3) / n;
    const long double value = m3 / std::pow(m2, 1.5L) * std::sqrt(n * (n - 1)) / (n - 2);
    return {value, 10 * n * some_roundings * v.largest() / v.deviation() + 1e-12L * (1 + std::fabs(value)), true};
}

Expected kurtosis(const Series& x, std::size_t row, const Params& p) {
    const auto v = window(x, row, p[0]).values;
    if (v.x.size() < 4 || v.constant()) return none();
    if (v.ill()) return not_compared();
    const auto n = static_cast<long double>(v.x.size());
    const long double m2 = v.centred(2) / n, m4 = v.centred(4) / n;
    const long double value = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / (m2 * m2) - 3) + 6);
    return {value, 100 * n * some_roundings * v.largest() / v.deviation() + 1e-12L * (1 + std::fabs(value)), true};
}

Expected count(const Series& x, std::size_t row, const Params& p) {
    return exactly(static_cast<long double>(window(x, row, p[0]).rows.size()));
}

template <bool greatest>
std::size_t best(const Sample& v) {
    std::size_t at = 0;
    for (std::size_t k = 1; k < v.x.size(); ++k)
        if (greatest ? v.x[k] > v.x[at] : v.x[k] < v.x[at]) at = k;
    return at;
}

template <bool greatest>
Expected extreme(const Series& x, std::size_t row, const Params& p) {
    const auto v = window(x, row, p[0]).values;
    return v.x.empty() ? none() : exactly(v.x[best<greatest>(v)]);
}

template <bool greatest>
Expected extreme_index(const Series& x, std::size_t row, const Params& p) {
    const Window w = window(x, row, p[0]);
    if (w.rows.empty()) return none();
    return exactly(static_cast<long double>(w.rows[best<greatest>(w.values)] - w.start + 1));
}

Expected quantile_of(Sample v, double q) {
    if (v.x.empty()) return none();
    std::sort(v.x.begin(), v.x.end());
    const long double at = static_cast<long double>(q) * static_cast<long double>(v.x.size() - 1);
    const auto below = static_cast<std::size_t>(at), above = std::min(below + 1, v.x.size() - 1);
    const long double value = v.x[below] + (v.x[above] - v.x[below]) * (at - static_cast<long double>(below));
    return {value, some_roundings * v.largest(), true};
}
Expected median(const Series& x, std::size_t row, const Params& p) {
    return quantile_of(window(x, row, p[0]).values, 0.5);
}
Expected quantile(const Series& x, std::size_t row, const Params& p) {
    return quantile_of(window(x, row, p[0]).values, p[1]);
}

Expected rank(const Series& x, std::size_t row, const Params& p) {
    if (!here(x[row])) return none();
    const auto v = window(x, row, p[0]).values;
    long double less = 0, equal = 0;
    for (const auto value : v.x) less += value < x[row], equal += value == x[row];
    return {(less + (equal + 1) / 2) / static_cast<long double>(v.x.size()), 2 * unit_roundoff, true};
}

Expected mean_absolute(const Series& x, std::size_t row, const Params& p) {
    const auto v = window(x, row, p[0]).values;
    if (v.x.empty()) return none();
    if (v.constant()) return exactly(0);
    const long double centre = v.mean();
    long double total = 0;
    for (const auto value : v.x) total += std::fabs(value - centre);
    return {total / static_cast<long double>(v.x.size()), 4 * some_roundings * v.largest(), true};
}

// y on x by least squares: textbook sums around the means.
struct Line {
    long double slope, intercept, share;  // share of the variance explained
};
Line line(const std::vector<long double>& x, const Sample& y) {
    const Sample at{x};
    const long double x_mean = at.mean(), y_mean = y.mean();
    long double xy = 0;
    for (std::size_t k = 0; k < x.size(); ++k) xy += (x[k] - x_mean) * (y.x[k] - y_mean);
    const long double xx = at.centred(2), yy = y.centred(2), slope = xy / xx;
    return {slope, y_mean - slope * x_mean, xy / xx * (xy / yy)};
}
struct Fit {
    Window w;
    Line l{};
    long double newest = 0, slope_tolerance = 0;
    bool fits = false;
};
Fit fit(const Series& x, std::size_t row, double n) {
    Fit f{window(x, row, n)};
    f.fits = f.w.rows.size() >= 2;
    if (!f.fits) return f;
    std::vector<long double> at(f.w.rows.begin(), f.w.rows.end());
    f.l = line(at, f.w.values);
    f.newest = static_cast<long double>(row);
    const Sample positions{at};
    const long double middle = positions.mean();
    long double reach = 0;
    for (const auto a : at) reach += std::fabs(a - middle);
    f.slope_tolerance =
        4 * some_roundings * f.w.values.largest() * reach / positions.centred(2) + 1e-13L * std::fabs(f.l.slope);
    return f;
}

Expected slope(const Series& x, std::size_t row, const Params& p) {
    const Fit f = fit(x, row, p[0]);
    if (!f.fits) return none();
    return f.w.values.constant() ? exactly(0) : Expected{f.l.slope, f.slope_tolerance, true};
}
Expected residual(const Series& x, std::size_t row, const Params& p) {
    const Fit f = fit(x, row, p[0]);
    if (!f.fits || !here(x[row])) return none();
    if (f.w.values.constant()) return exactly(0);
    const long double rows = static_cast<long double>(row - f.w.start + 1);
    return {x[row] - (f.l.intercept + f.l.slope * f.newest),
            8 * some_roundings * f.w.values.largest() + 4 * f.slope_tolerance * rows, true};
}
Expected r_square(const Series& x, std::size_t row, const Params& p) {
    const Fit f = fit(x, row, p[0]);
    if (!f.fits || f.w.values.constant()) return none();
    if (f.w.values.ill()) return not_compared();
    return {f.l.share, 20 * some_roundings * f.w.values.largest() / f.w.values.deviation() + 1e-12L, true};
}

Expected weighted(const Series& x, std::size_t row, const Params& p) {
    const Window w = window(x, row, p[0]);
    long double total = 0, weights = 0;
    for (std::size_t k = 0; k < w.rows.size(); ++k) {
        const auto weight = static_cast<long double>(w.rows[k] - w.start + 1);
        total += weight * w.values.x[k];
        weights += weight;
    }
    return w.rows.empty() ? none() : Expected{total / weights, 10 * some_roundings * w.values.largest(), true};
}

Expected ema(const Series& x, std::size_t row, const Params& p) {
    return exponential(x, row, p[0] < 1 ? p[0] : 2 / (p[0] + 1));
}

struct Pairs {
    Sample x, y;
    long double xy = 0;  // centred sum of products
};
Pairs pairs(const Series& x, const Series& y, std::size_t row, double n) {
    Pairs both;
    for (std::size_t r = start_of(row, n); r <= row; ++r)
        if (here(x[r]) && here(y[r])) both.x.x.push_back(x[r]), both.y.x.push_back(y[r]);
    if (both.x.x.empty()) return both;
    const long double x_mean = both.x.mean(), y_mean = both.y.mean();
    for (std::size_t k = 0; k < both.x.x.size(); ++k) both.xy += (both.x.x[k] - x_mean) * (both.y.x[k] - y_mean);
    return both;
}

Expected covariance(const Series& x, const Series& y, std::size_t row, const Params& p) {
    const Pairs b = pairs(x, y, row, p[0]);
    const auto n = static_cast<long double>(b.x.x.size());
    if (n < 2) return none();
    if (b.x.constant() || b.y.constant()) return exactly(0);
    if (b.x.ill() || b.y.ill()) return not_compared();
    const long double sx = b.x.deviation(), sy = b.y.deviation();
    const long double tx = some_roundings * b.x.largest(), ty = some_roundings * b.y.largest();
    return {b.xy / (n - 1), 4 * (tx * sy + ty * sx + tx * ty) + 1e-13L * sx * sy, true};
}

Expected correlation(const Series& x, const Series& y, std::size_t row, const Params& p) {
    const Pairs b = pairs(x, y, row, p[0]);
    if (b.x.x.size() < 2 || b.x.constant() || b.y.constant()) return none();
    if (b.x.ill() || b.y.ill()) return not_compared();
    const long double noise = b.x.largest() / b.x.deviation() + b.y.largest() / b.y.deviation();
    return {b.xy / std::sqrt(b.x.centred(2) * b.y.centred(2)), 20 * some_roundings * noise + 1e-12L, true};
}

}  // namespace

bool Sample::constant() const {
    return std::all_of(x.begin(), x.end(), [this](long double v) { return v == x.front(); });
}
long double Sample::sum() const { return std::accumulate(x.begin(), x.end(), 0.0L); }
long double Sample::mean() const { return constant() ? x.front() : sum() / static_cast<long double>(x.size()); }
long double Sample::largest() const {
    long double size = 0;
    for (const auto v : x) size = std::max(size, std::fabs(v));
    return size;
}
long double Sample::centred(int power) const {
    const long double centre = mean();
    long double total = 0;
    for (const auto v : x) {
        long double product = 1;
        for (int k = 0; k < power; ++k) product *= v - centre;
        total += product;
    }
    return total;
}
long double Sample::deviation() const { return std::sqrt(centred(2) / static_cast<long double>(x.size() - 1)); }
bool Sample::ill() const {
    const long double size = largest();
    return size > 1e50L || size < 1e-50L || deviation() < 1e-13L * size;
}

OneSeries over_one(const std::string& op) {
    static const std::map<std::string, OneSeries> all{{"Mean", mean},
                                                      {"Sum", sum},
                                                      {"Std", standard},
                                                      {"Var", variance},
                                                      {"Skew", skewness},
                                                      {"Kurt", kurtosis},
                                                      {"Count", count},
                                                      {"Max", extreme<true>},
                                                      {"Min", extreme<false>},
                                                      {"IdxMax", extreme_index<true>},
                                                      {"IdxMin", extreme_index<false>},
                                                      {"Med", median},
                                                      {"Quantile", quantile},
                                                      {"Rank", rank},
                                                      {"Mad", mean_absolute},
                                                      {"Slope", slope},
                                                      {"Rsquare", r_square},
                                                      {"Resi", residual},
                                                      {"WMA", weighted},
                                                      {"EMA", ema}};
    const auto found = all.find(op);
    return found == all.end() ? nullptr : found->second;
}

TwoSeries over_two(const std::string& op) { return op == "Corr" ? correlation : op == "Cov" ? covariance : nullptr; }

}  // namespace bourse::factors::reference
