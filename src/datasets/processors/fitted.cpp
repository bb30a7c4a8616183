// Processors that learn from the train span what they do to every row.
#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/float_order.hpp"
#include "datasets/processors/columns.hpp"

namespace bourse::datasets {
namespace {

using Kind = Processor::Kind;

constexpr double outlier = 3;
constexpr double robust_epsilon = 1e-12, robust_factor = 1.4826;

struct Moments {
    double mean, deviation;  // ddof 0
};

Moments moments(const std::vector<float>& values) {
    double sum = 0;
    for (const float value : values) sum += value;
    const double mean = sum / static_cast<double>(values.size());
    double squares = 0;
    for (const float value : values) squares += (value - mean) * (value - mean);
    return {mean, std::sqrt(squares / static_cast<double>(values.size()))};
}

// numpy's linear interpolation between order statistics.
double quantile(std::span<const float> sorted, double q) {
    const double at = q * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const double low = sorted[below];
    if (below + 1 >= sorted.size()) return low;
    const double high = sorted[below + 1];
    return low == high ? low : low + (at - static_cast<double>(below)) * (high - low);
}

// Two equal infinities stay one.
double middle(double low, double high) { return low == high ? low : (low + high) / 2; }

double sorted_median(std::span<const float> sorted) {
    return middle(sorted[(sorted.size() - 1) / 2], sorted[sorted.size() / 2]);
}

// The median of the distances from `centre`, each rounded to float: they rise to both sides of it, so that the nearest
// half is a run of the sorted values.
double sorted_deviation(std::span<const float> sorted, double centre) {
    const auto distance = [&](std::size_t i) {
        return static_cast<float>(std::abs(static_cast<double>(sorted[i]) - centre));
    };
    const std::size_t n = sorted.size();
    // The smallest k distances are those of [from, from + k) for the first `from` that lies no farther below the centre
    // than the one behind the run above it.
    const auto nearest = [&](std::size_t k) {
        std::size_t from = 0, to = n - k;
        while (from < to) {
            const std::size_t half = (from + to) / 2;
            if (centre - static_cast<double>(sorted[half]) > static_cast<double>(sorted[half + k]) - centre)
                from = half + 1;
            else
                to = half;
        }
        return std::max(distance(from), distance(from + k - 1));  // the k-th smallest
    };
    return middle(nearest((n - 1) / 2 + 1), nearest(n / 2 + 1));
}

void fit_column(const Processor& processor, std::size_t column, std::vector<float>& values, FloatSorter& sorter,
                ColumnStep& step) {
    if (processor.kind == Kind::z_score) {
        const auto [mean, deviation] = moments(values);
        if (deviation != 0) step.set(column, mean, deviation);
        return;
    }
    sorter.sort(values);
    const auto fit = fit_sorted(processor, values);
    if (fit.known) step.set(column, fit.a, fit.b);
}

}  // namespace

bool fits_sorted(const Processor& processor) noexcept {
    return processor.kind == Kind::min_max || processor.kind == Kind::robust_z_score ||
           processor.kind == Kind::winsorise;
}

// A column without any value in the train span has none after it either: nobody can say where it lies.
KnownFit fit_sorted(const Processor& processor, std::span<const float> sorted) {
    if (sorted.empty()) return {true, std::nan(""), std::nan("")};
    switch (processor.kind) {
        case Kind::min_max:
            return {sorted.front() != sorted.back(), sorted.front(),
                    static_cast<double>(sorted.back()) - sorted.front()};
        case Kind::robust_z_score: {
            const double centre = sorted_median(sorted);
            const double deviation = std::isfinite(centre) ? sorted_deviation(sorted, centre) : std::nan("");
            return {true, centre, (deviation + robust_epsilon) * robust_factor};
        }
        default:
            return {true, quantile(sorted, processor.lower), quantile(sorted, processor.upper)};
    }
}

std::vector<ColumnStep> fit(const Processor& processor, ProcessedRows& rows, const CheckInterrupts& interrupts) {
    const std::size_t features = rows.matrix.columns();
    const auto columns = columns_of(processor.group, features);
    ColumnStep step(processor.kind == Kind::winsorise ? ColumnStep::Kind::clip : ColumnStep::Kind::scale, features + 1);
    if (std::none_of(rows.fit.begin(), rows.fit.end(), [](std::uint8_t each) { return each != 0; }))
        throw Error(ErrorKind::insufficient_data, processor.name + " has no row to learn from",
                    "the train span of the fold has no rows: load more bars or change the split");
    std::vector<std::size_t> unknown;
    for (const auto column : columns)
        if (column >= rows.known.size())
            unknown.push_back(column);
        else if (rows.known[column].known)
            step.set(column, rows.known[column].a, rows.known[column].b);
    for_fit_columns(rows, unknown, interrupts,
                    [&](std::size_t column, std::vector<float>& values, FloatSorter& sorter) {
                        if (values.empty())
                            step.set(column, std::nan(""), std::nan(""));
                        else
                            fit_column(processor, column, values, sorter, step);
                    });
    if (step.kind == ColumnStep::Kind::clip)
        for (std::size_t column = 0; column <= features; ++column)
            if (std::isnan(step.a[column])) step.on[column] = 0;
    if (processor.kind != Kind::robust_z_score || !processor.clip_outlier) return {step};
    ColumnStep clip(ColumnStep::Kind::clip, features + 1);
    for (const auto column : columns) clip.set(column, -outlier, outlier);
    return {step, clip};
}

}  // namespace bourse::datasets
