#include "stats/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "stats/sorting.hpp"

namespace bourse::stats {
namespace {

void require_same_length(std::size_t a, std::size_t b) {
    if (a != b)
        throw Error(ErrorKind::invalid_argument,
                    "predictions and outcomes differ in length: " + std::to_string(a) + " and " + std::to_string(b));
}

// Compared, not computed: rounding gives a constant series a tiny variance.
bool is_constant(std::span<const double> values) {
    return std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); });
}

double mean_of(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::vector<double> midranks(std::span<const double> values, const CheckInterrupts& interrupts) {
    // Values beside their places: sorting places alone reads the values all over memory.
    std::vector<std::pair<double, std::size_t>> order(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) order[i] = {values[i], i};
    sort_checked(std::span(order), interrupts, [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<double> ranks(values.size());
    for (std::size_t begin = 0; begin < order.size();) {
        std::size_t end = begin + 1;
        while (end < order.size() && order[end].first == order[begin].first) ++end;
        const double rank = static_cast<double>(begin + 1 + end) / 2;
        for (; begin < end; ++begin) ranks[order[begin].second] = rank;
    }
    return ranks;
}

std::optional<double> pearson(std::span<const double> x, std::span<const double> y) {
    require_same_length(x.size(), y.size());
    if (x.size() < 2 || is_constant(x) || is_constant(y)) return std::nullopt;
    const double mean_x = mean_of(x);
    const double mean_y = mean_of(y);
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double dx = x[i] - mean_x;
        const double dy = y[i] - mean_y;
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    const double scale = std::sqrt(xx) * std::sqrt(yy);
    if (!(scale > 0) || !std::isfinite(scale)) return std::nullopt;  // differences below or above what a double holds
    return std::clamp(xy / scale, -1.0, 1.0);
}

std::optional<double> spearman(std::span<const double> x, std::span<const double> y,
                               const CheckInterrupts& interrupts) {
    require_same_length(x.size(), y.size());
    return pearson(midranks(x, interrupts), midranks(y, interrupts));
}

std::vector<DailyIc> daily_ic(std::span<const std::int64_t> day, std::span<const double> prediction,
                              std::span<const double> outcome, const CheckInterrupts& interrupts) {
    require_same_length(prediction.size(), outcome.size());
    require_same_length(prediction.size(), day.size());
    std::vector<std::size_t> rows;
    rows.reserve(day.size());
    for (std::size_t i = 0; i < day.size(); ++i)
        if (std::isfinite(prediction[i]) && std::isfinite(outcome[i])) rows.push_back(i);
    // By row within a day, so that sums do not depend on the sort.
    sort_checked(std::span(rows), interrupts,
                 [&](std::size_t a, std::size_t b) { return day[a] != day[b] ? day[a] < day[b] : a < b; });

    std::vector<DailyIc> result;
    std::vector<double> x;
    std::vector<double> y;
    for (std::size_t begin = 0; begin < rows.size();) {
        check(interrupts);
        const std::int64_t today = day[rows[begin]];
        x.clear();
        y.clear();
        for (; begin < rows.size() && day[rows[begin]] == today; ++begin) {
            x.push_back(prediction[rows[begin]]);
            y.push_back(outcome[rows[begin]]);
        }
        if (x.size() < min_names_per_day) continue;
        const auto ic = pearson(x, y);
        const auto rank_ic = spearman(x, y, interrupts);
        if (ic && rank_ic) result.push_back({today, *ic, *rank_ic, x.size()});
    }
    return result;
}

SeriesSummary summarize(std::span<const double> series) {
    SeriesSummary summary{.n = series.size(), .mean = {}, .deviation = {}, .ratio = {}};
    if (series.empty()) return summary;
    const double mean = mean_of(series);
    summary.mean = mean;
    if (series.size() < 2) return summary;
    double squares = 0;
    for (const double v : series) squares += (v - mean) * (v - mean);
    const bool constant = is_constant(series);
    summary.deviation = constant ? 0 : std::sqrt(squares / static_cast<double>(series.size() - 1));
    if (!constant && *summary.deviation > 0) summary.ratio = mean / *summary.deviation;
    return summary;
}

RankingSummary summarize(std::span<const DailyIc> days) {
    std::vector<double> ic;
    std::vector<double> rank_ic;
    for (const DailyIc& day : days) {
        ic.push_back(day.ic);
        rank_ic.push_back(day.rank_ic);
    }
    return {.ic = summarize(ic), .rank_ic = summarize(rank_ic)};
}

}  // namespace bourse::stats
