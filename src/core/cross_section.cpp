#include "core/cross_section.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/kind_names.hpp"

namespace bourse {
namespace {

constexpr const char* names[] = {"infinities",     "fill",       "rank",         "z_score",
                                 "robust_z_score", "neutralise", "median_scale", "shrink"};
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

using Column = CrossChange::Column;

double mean_of(const Column& values, bool finite_only) {
    double sum = 0;
    std::size_t count = 0;
    for (const double value : values)
        if (finite_only ? std::isfinite(value) : !std::isnan(value)) sum += value, ++count;
    return count > 0 ? sum / static_cast<double>(count) : missing;
}

void infinities(Column& values) {
    if (std::none_of(values.begin(), values.end(), [](double v) { return std::isinf(v); })) return;
    const double mean = mean_of(values, true);
    for (double& value : values)
        if (std::isinf(value)) value = mean;
}

void fill(Column& values) {
    const double mean = mean_of(values, false);
    for (double& value : values)
        if (std::isnan(value)) value = mean;
}

void z_score(Column& values) {
    const double mean = mean_of(values, false);
    double squares = 0;
    std::size_t count = 0;
    for (const double value : values)
        if (!std::isnan(value)) squares += (value - mean) * (value - mean), ++count;
    const double deviation = count > 1 ? std::sqrt(squares / static_cast<double>(count - 1)) : missing;
    for (double& value : values) value = (value - mean) / deviation;
}

double median_of(const Column& values) {
    std::vector<double> present;
    for (const double value : values)
        if (!std::isnan(value)) present.push_back(value);
    if (present.empty()) return missing;
    const auto middle = present.begin() + static_cast<std::ptrdiff_t>(present.size() / 2);
    std::nth_element(present.begin(), middle, present.end());
    if (present.size() % 2 == 1) return *middle;
    const double lower = *std::max_element(present.begin(), middle);
    return lower == *middle ? lower : (lower + *middle) / 2;
}

void median_scale(Column& values) {
    const double centre = median_of(values);
    Column distance;
    for (const double value : values) distance.push_back(std::abs(value - centre));
    const double scale = median_of(distance) * 1.4826;
    for (double& value : values) value = (value - centre) / scale;
}

void robust_z_score(Column& values) {
    median_scale(values);
    for (double& value : values)
        if (!std::isnan(value)) value = std::clamp(value, -3.0, 3.0);
}

// Infinite ones have no place in it and become missing.
void shrink(Column& values) {
    constexpr double bound = 3;
    double highest = -std::numeric_limits<double>::infinity();
    for (const double value : values) highest = std::fmax(highest, value);
    for (double& value : values)
        if (value > bound) value = bound + (value - bound) / (highest - bound) * 0.5;
    double lowest = std::numeric_limits<double>::infinity();
    for (const double value : values) lowest = std::fmin(lowest, value);
    for (double& value : values)
        if (value < -bound) value = -bound - (value + bound) / (lowest + bound) * 0.5;
}

// (average rank / count - 0.5) × 3.46
void rank(Column& values) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isnan(values[i])) order.push_back(i);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    const Column old = values;
    const auto count = static_cast<double>(order.size());
    for (std::size_t from = 0; from < order.size();) {
        std::size_t to = from + 1;
        while (to < order.size() && old[order[to]] == old[order[from]]) ++to;
        const double middle = static_cast<double>(from + to + 1) / 2;  // ranks from 1
        for (; from < to; ++from) values[order[from]] = (middle / count - 0.5) * 3.46;
    }
}

double norm(const Column& x) { return std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0)); }

void subtract(const Column& unit, Column& from) {
    const double part = std::inner_product(unit.begin(), unit.end(), from.begin(), 0.0);
    for (std::size_t i = 0; i < from.size(); ++i) from[i] -= part * unit[i];
}

}  // namespace

CrossChange::CrossChange(CrossStep::Kind kind, std::vector<Column> exposures) : kind_(kind) {
    if (kind != CrossStep::Kind::neutralise) return;
    const std::size_t rows = exposures.empty() ? 0 : exposures.front().size();
    complete_.assign(rows, 1);
    for (const auto& one : exposures)
        for (std::size_t i = 0; i < rows; ++i)
            if (!std::isfinite(one[i])) complete_[i] = 0;
    exposures_ = std::move(exposures);
    exposures_.insert(exposures_.begin(), Column(rows, 1.0));
}

void CrossChange::operator()(Column& values) const {
    switch (kind_) {
        case CrossStep::Kind::infinities:
            return infinities(values);
        case CrossStep::Kind::fill:
            return fill(values);
        case CrossStep::Kind::rank:
            return rank(values);
        case CrossStep::Kind::z_score:
            return z_score(values);
        case CrossStep::Kind::robust_z_score:
            return robust_z_score(values);
        case CrossStep::Kind::neutralise:
            return neutralise(values);
        case CrossStep::Kind::median_scale:
            return median_scale(values);
        case CrossStep::Kind::shrink:
            return shrink(values);
    }
}

// Modified Gram-Schmidt, twice. Exposures that others explain add nothing.
void CrossChange::neutralise(Column& values) const {
    std::vector<std::uint8_t> used(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        used[i] = complete_[i] && std::isfinite(values[i]);
        if (!used[i]) values[i] = missing;
    }
    std::vector<Column> basis;
    for (const auto& one : exposures_) {
        Column direction = one;
        for (std::size_t i = 0; i < direction.size(); ++i)
            if (!used[i]) direction[i] = 0;
        const double length = norm(direction);
        for (int pass = 0; pass < 2; ++pass)
            for (const auto& other : basis) subtract(other, direction);
        const double left = norm(direction);
        if (!(left > 1e-10 * length)) continue;
        for (double& value : direction) value /= left;
        basis.push_back(std::move(direction));
    }
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!used[i]) values[i] = 0;
    for (int pass = 0; pass < 2; ++pass)
        for (const auto& one : basis) subtract(one, values);
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!used[i]) values[i] = missing;
}

void CrossStep::apply(std::span<float> rows) const {
    const std::size_t columns = on.size(), count = rows.size() / columns;
    const auto column = [&](std::size_t c) {
        Column values(count);
        for (std::size_t i = 0; i < count; ++i) values[i] = rows[i * columns + c];
        return values;
    };
    std::vector<Column> exposures;
    for (std::size_t c = 0; c < columns; ++c)
        if (on[c] == exposure) exposures.push_back(column(c));
    const CrossChange change(kind, std::move(exposures));
    for (std::size_t c = 0; c < columns; ++c) {
        if (on[c] != changed) continue;
        Column values = column(c);
        change(values);
        for (std::size_t i = 0; i < count; ++i) rows[i * columns + c] = static_cast<float>(values[i]);
    }
}

const char* kind_name(CrossStep::Kind kind) noexcept { return name_of_kind(names, kind); }
bool read_kind(std::string_view name, CrossStep::Kind& kind) noexcept { return kind_of_name(names, name, kind); }

}  // namespace bourse
