#include "stats/factor_report.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/error.hpp"

namespace bourse::stats {
namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

double mean_of(std::span<const double> values) {
    return values.empty() ? nan_value
                          : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

bool all_finite(std::span<const double> values) {
    return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

// Pearson's correlation of numbers whose sums are exact enough without a second look: ranks.
double rank_correlation(std::span<const double> x, std::span<const double> y) {
    const auto n = static_cast<double>(x.size());
    const double middle = (n + 1) / 2;
    double xx = 0, yy = 0, xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double dx = x[i] - middle, dy = y[i] - middle;
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : nan_value;
}

// About so many multiplications a day go into correlations of factors with each other.
constexpr double correlation_work = 6e6;

}  // namespace

// One factor's finite values of a day with the returns of the first horizon.
struct FactorReport::Pairs {
    std::vector<std::size_t> rows;
    std::vector<double> values, outcomes;
    std::vector<std::int32_t> names;
};

FactorReport::FactorReport(FactorOptions options) : options_(std::move(options)), factors_(options_.factors) {
    if (options_.horizons.empty() || options_.quantiles < 2)
        throw Error(ErrorKind::invalid_argument, "a factor report needs a horizon and two quantiles");
    for (Factor& factor : factors_) {
        factor.rank_ic.resize(options_.horizons.size());
        factor.quantile_sums.resize(options_.quantiles);
    }
    sums_.resize(factors_.size() * factors_.size());
    counts_.resize(sums_.size());
}

void FactorReport::add(const FactorDay& day, const CheckInterrupts& interrupts) {
    return_ranks_.assign(options_.horizons.size(), {});
    for (std::size_t h = 0; h < options_.horizons.size(); ++h)
        if (all_finite(day.returns[h])) return_ranks_[h] = midranks(day.returns[h], interrupts);
    for (std::size_t f = 0; f < factors_.size(); ++f) {
        measure(factors_[f], f, day, interrupts);
        compare_with_before(factors_[f], f, day);
    }
    names_.assign(day.names.begin(), day.names.end());
    for (std::size_t f = 0; f < factors_.size(); ++f) {
        factors_[f].before.clear();
        for (std::size_t i = 0; i < day.names.size(); ++i)
            factors_[f].before.push_back(day.values[i * factors_.size() + f]);
    }
    if (until_correlation_ == 0) {
        correlate(day);
        const auto size = static_cast<double>(factors_.size());
        until_correlation_ =
            static_cast<std::size_t>(size * size / 2 * static_cast<double>(day.names.size()) / correlation_work) + 1;
    }
    --until_correlation_;
    ++days_;
    check(interrupts);
}

void FactorReport::measure(Factor& factor, std::size_t at, const FactorDay& day, const CheckInterrupts& interrupts) {
    const std::size_t n = day.names.size();
    std::vector<double> own;
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < n; ++i) {
        const double value = day.values[i * factors_.size() + at];
        if (std::isfinite(value)) own.push_back(value), rows.push_back(i);
    }
    factor.values += n;
    factor.present += rows.size();
    if (own.size() < min_names_per_day) return;
    std::vector<double> ranks;  // of all finite values, where all returns are there
    for (std::size_t h = 0; h < options_.horizons.size(); ++h) {
        Pairs pairs;
        const bool whole = !return_ranks_[h].empty();
        for (std::size_t k = 0; k < rows.size(); ++k) {
            const double outcome = day.returns[h][rows[k]];
            if (!std::isfinite(outcome)) continue;
            pairs.values.push_back(own[k]);
            pairs.outcomes.push_back(outcome);
            pairs.names.push_back(day.names[rows[k]]);
        }
        if (pairs.values.size() < min_names_per_day) continue;
        double rank_ic = nan_value;
        if (whole && rows.size() == n) {
            if (ranks.empty()) ranks = midranks(own, interrupts);
            rank_ic = rank_correlation(ranks, return_ranks_[h]);
        } else {
            rank_ic = rank_correlation(midranks(pairs.values, interrupts), midranks(pairs.outcomes, interrupts));
        }
        if (std::isnan(rank_ic)) continue;
        if (h == 0) {
            const auto ic = pearson(pairs.values, pairs.outcomes);
            if (!ic) continue;
            factor.ic.push_back(*ic);
            quantiles(factor, pairs);
        }
        factor.rank_ic[h].push_back(rank_ic);
    }
}

void FactorReport::quantiles(Factor& factor, const Pairs& pairs) {
    const std::size_t n = pairs.values.size(), count = options_.quantiles, end = n / count;
    if (end == 0) return;
    std::vector<std::size_t> rising(n), falling(n);
    std::iota(rising.begin(), rising.end(), 0);
    falling = rising;
    const auto& v = pairs.values;
    std::stable_sort(rising.begin(), rising.end(), [&](std::size_t a, std::size_t b) { return v[a] < v[b]; });
    std::stable_sort(falling.begin(), falling.end(), [&](std::size_t a, std::size_t b) { return v[a] > v[b]; });
    const auto mean = [&](std::span<const std::size_t> rows) {
        double sum = 0;
        for (const std::size_t row : rows) sum += pairs.outcomes[row];
        return sum / static_cast<double>(rows.size());
    };
    const double bottom = mean(std::span(rising).first(end)), top = mean(std::span(falling).first(end));
    factor.quantile_sums.front() += bottom;
    factor.quantile_sums.back() += top;
    for (std::size_t q = 1; q + 1 < count; ++q) {
        const std::size_t middle = n - 2 * end, from = end + middle * (q - 1) / (count - 2),
                          to = end + middle * q / (count - 2);
        factor.quantile_sums[q] += mean(std::span(rising).subspan(from, to - from));
    }
    ++factor.quantile_days;
    factor.spread.push_back(top - bottom);
    std::vector<std::int32_t> held;
    for (std::size_t k = 0; k < end; ++k) held.push_back(pairs.names[falling[k]]);
    std::sort(held.begin(), held.end());
    if (!factor.top.empty()) {
        const auto stayed = std::count_if(held.begin(), held.end(), [&](std::int32_t name) {
            return std::binary_search(factor.top.begin(), factor.top.end(), name);
        });
        factor.turnover.push_back(1 - static_cast<double>(stayed) / static_cast<double>(held.size()));
    }
    factor.top = std::move(held);
}

void FactorReport::compare_with_before(Factor& factor, std::size_t at, const FactorDay& day) {
    if (days_ == 0) return;
    std::vector<double> x, y;
    std::size_t old = 0;
    for (std::size_t i = 0; i < day.names.size(); ++i) {
        while (old < names_.size() && names_[old] < day.names[i]) ++old;
        if (old == names_.size()) break;
        if (names_[old] != day.names[i]) continue;
        const double now = day.values[i * factors_.size() + at], before = factor.before[old];
        if (std::isfinite(now) && std::isfinite(before)) x.push_back(now), y.push_back(before);
    }
    if (x.size() < min_names_per_day) return;
    if (const auto r = pearson(x, y)) factor.autocorrelation.push_back(*r);
}

// A name without a value stands in the middle of the ranks.
void FactorReport::correlate(const FactorDay& day) {
    const std::size_t n = day.names.size(), count = factors_.size();
    std::vector<float> unit(count * n, 0);
    std::vector<std::size_t> usable;
    std::vector<double> values;
    std::vector<std::size_t> rows;
    for (std::size_t f = 0; f < count; ++f) {
        values.clear();
        rows.clear();
        for (std::size_t i = 0; i < n; ++i)
            if (const double value = day.values[i * count + f]; std::isfinite(value))
                values.push_back(value), rows.push_back(i);
        if (values.size() < min_names_per_day) continue;
        const auto ranks = midranks(values);
        const double middle = (static_cast<double>(values.size()) + 1) / 2;
        double squares = 0;
        for (const double rank : ranks) squares += (rank - middle) * (rank - middle);
        if (!(squares > 0)) continue;
        for (std::size_t k = 0; k < rows.size(); ++k)
            unit[f * n + rows[k]] = static_cast<float>((ranks[k] - middle) / std::sqrt(squares));
        usable.push_back(f);
    }
    for (std::size_t i = 0; i < usable.size(); ++i)
        for (std::size_t j = i + 1; j < usable.size(); ++j) {
            const float *a = unit.data() + usable[i] * n, *b = unit.data() + usable[j] * n;
            float sums[8] = {};
            std::size_t k = 0;
            for (; k + 8 <= n; k += 8)
                for (std::size_t lane = 0; lane < 8; ++lane) sums[lane] += a[k + lane] * b[k + lane];
            double sum = 0;
            for (const float lane : sums) sum += static_cast<double>(lane);
            for (; k < n; ++k) sum += static_cast<double>(a[k]) * static_cast<double>(b[k]);
            sums_[usable[i] * count + usable[j]] += sum;
            ++counts_[usable[i] * count + usable[j]];
        }
}

Correlations FactorReport::correlations() const {
    const std::size_t count = factors_.size();
    Correlations result(count);
    for (std::size_t a = 0; a < count; ++a) {
        result.at(a, a) = 1;
        for (std::size_t b = a + 1; b < count; ++b) {
            const std::size_t at = a * count + b;
            result.at(a, b) = result.at(b, a) = counts_[at] == 0 ? nan_value : sums_[at] / counts_[at];
        }
    }
    return result;
}

std::vector<FactorResult> FactorReport::finish() {
    std::vector<FactorResult> results;
    std::vector<double> scores, ics, p;
    const auto horizon = static_cast<std::size_t>(std::max(1, options_.horizons.front()));
    for (const Factor& factor : factors_) {
        FactorResult r;
        r.coverage =
            factor.values == 0 ? nan_value : static_cast<double>(factor.present) / static_cast<double>(factor.values);
        r.ic = summarize(factor.ic);
        r.rank_ic = summarize(factor.rank_ic[0]);
        const auto lags = [&](std::size_t n) { return std::max(newey_west_lags(n), horizon - 1); };
        r.rank_ic_error = newey_west(factor.rank_ic[0], lags(factor.rank_ic[0].size()));
        r.spread = newey_west(factor.spread, lags(factor.spread.size()));
        for (const auto& one : factor.rank_ic) r.decay.push_back(mean_of(one));
        r.autocorrelation = mean_of(factor.autocorrelation);
        r.turnover = mean_of(factor.turnover);
        std::vector<double> places;
        for (const double sum : factor.quantile_sums) {
            places.push_back(static_cast<double>(places.size()));
            r.quantile_returns.push_back(factor.quantile_days == 0 ? nan_value
                                                                   : sum / static_cast<double>(factor.quantile_days));
        }
        r.monotonicity =
            factor.quantile_days == 0 ? nan_value : spearman(places, r.quantile_returns).value_or(nan_value);
        scores.push_back(r.rank_ic.ratio.value_or(nan_value));
        ics.push_back(r.rank_ic.mean.value_or(nan_value));
        p.push_back(r.rank_ic_error.p);
        results.push_back(std::move(r));
    }
    const Correlations all = correlations();
    const auto adjusted = benjamini_hochberg(p);
    const auto groups = clusters(all, options_.joined);
    const auto chosen = choose_by_score(all, scores, options_.cap, options_.choose);
    const auto forward = choose_forward(all, ics, options_.choose);
    for (std::size_t f = 0; f < results.size(); ++f) {
        FactorResult& r = results[f];
        r.adjusted_p = adjusted[f];
        r.cluster = groups[f];
        r.chosen = chosen[f];
        r.forward = forward[f];
        r.nearest_correlation = nan_value;
        for (std::size_t other = 0; other < results.size(); ++other) {
            const double c = all.at(f, other);
            if (other == f || std::isnan(c)) continue;
            if (r.nearest == no_place || std::fabs(c) > std::fabs(r.nearest_correlation))
                r.nearest = other, r.nearest_correlation = c;
        }
    }
    return results;
}

}  // namespace bourse::stats
