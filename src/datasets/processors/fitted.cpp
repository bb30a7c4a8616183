// Processors that learn from the train span what they do to every row.
#include <algorithm>
#include <cmath>

#include "core/error.hpp"
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
double quantile(std::vector<float>& values, double q) {
    const double at = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(below);
    std::nth_element(values.begin(), place, values.end());
    const double low = *place;
    if (below + 1 >= values.size()) return low;
    const double high = *std::min_element(place + 1, values.end());
    return low == high ? low : low + (at - static_cast<double>(below)) * (high - low);
}

void fit_column(const Processor& processor, std::size_t column, std::vector<float>& values, ColumnStep& step) {
    switch (processor.kind) {
        case Kind::min_max: {
            const auto [low, high] = std::minmax_element(values.begin(), values.end());
            if (*low != *high) step.set(column, *low, static_cast<double>(*high) - *low);
            return;
        }
        case Kind::z_score: {
            const auto [mean, deviation] = moments(values);
            if (deviation != 0) step.set(column, mean, deviation);
            return;
        }
        case Kind::robust_z_score: {
            const double centre = median(values);
            for (float& value : values) value = static_cast<float>(std::abs(static_cast<double>(value) - centre));
            step.set(column, centre, (median(values) + robust_epsilon) * robust_factor);
            return;
        }
        default: {
            const double low = quantile(values, processor.lower);
            step.set(column, low, quantile(values, processor.upper));
        }
    }
}

}  // namespace

std::vector<ColumnStep> fit(const Processor& processor, ProcessedRows& rows, const CheckInterrupts& interrupts) {
    const std::size_t features = rows.matrix.columns();
    const auto columns = columns_of(processor.group, features);
    ColumnStep step(processor.kind == Kind::winsorise ? ColumnStep::Kind::clip : ColumnStep::Kind::scale, features + 1);
    if (std::none_of(rows.fit.begin(), rows.fit.end(), [](std::uint8_t each) { return each != 0; }))
        throw Error(ErrorKind::insufficient_data, processor.name + " has no row to learn from",
                    "the train span of the fold has no rows: load more bars or change the split");
    // A column without any value in the train span has none after it either: nobody can say where it lies.
    for_fit_columns(rows, columns, interrupts, [&](std::size_t column, std::vector<float>& values) {
        if (values.empty())
            step.set(column, std::nan(""), std::nan(""));
        else
            fit_column(processor, column, values, step);
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
