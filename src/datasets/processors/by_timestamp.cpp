// Processors whose values depend on the other rows of the same timestamp.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "datasets/processors/columns.hpp"

namespace bourse::datasets {
namespace {

using Kind = Processor::Kind;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// One column at one timestamp: values in row order, missing ones among them; changed in place.
using Column = std::vector<double>;

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

void robust_z_score(Column& values) {
    const double centre = median_of(values);
    Column distance;
    for (const double value : values) distance.push_back(std::abs(value - centre));
    const double scale = median_of(distance) * 1.4826;
    for (double& value : values) {
        value = (value - centre) / scale;
        if (!std::isnan(value)) value = std::clamp(value, -3.0, 3.0);
    }
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

// Least squares of a column on a constant and the exposures, by modified Gram-Schmidt, twice: what is left over.
// Exposures that others explain add nothing.
class Exposures {
public:
    Exposures(Matrix& matrix, std::span<const std::size_t> rows, const std::vector<std::size_t>& columns) {
        complete_.assign(rows.size(), 1);
        std::vector<Column> raw{Column(rows.size(), 1.0)};
        for (const auto column : columns) {
            auto& one = raw.emplace_back();
            for (std::size_t i = 0; i < rows.size(); ++i) {
                one.push_back(cell(matrix, rows[i], column));
                if (!std::isfinite(one.back())) complete_[i] = 0;
            }
        }
        raw_ = std::move(raw);
    }

    void residual(Column& values) const {
        std::vector<std::uint8_t> used(values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            used[i] = complete_[i] && std::isfinite(values[i]);
            if (!used[i]) values[i] = missing;
        }
        std::vector<Column> basis;
        for (const auto& one : raw_) {
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

private:
    static double norm(const Column& x) { return std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0)); }
    static void subtract(const Column& unit, Column& from) {
        const double part = std::inner_product(unit.begin(), unit.end(), from.begin(), 0.0);
        for (std::size_t i = 0; i < from.size(); ++i) from[i] -= part * unit[i];
    }

    std::vector<std::uint8_t> complete_;
    std::vector<Column> raw_;
};

std::vector<std::size_t> numbers_of(const std::vector<std::string>& names, std::span<const std::string> features) {
    std::vector<std::size_t> numbers;
    for (const auto& name : names)
        numbers.push_back(
            static_cast<std::size_t>(std::find(features.begin(), features.end(), name) - features.begin()));
    return numbers;
}

}  // namespace

void process_by_timestamp(const Processor& processor, ProcessedRows& rows, const CheckInterrupts& interrupts) {
    auto columns = columns_of(processor.group, rows.matrix.columns());
    std::vector<std::size_t> exposed;
    if (processor.kind == Kind::neutralise) {
        exposed = numbers_of(processor.columns, rows.features);
        std::erase_if(columns,
                      [&](std::size_t c) { return std::find(exposed.begin(), exposed.end(), c) != exposed.end(); });
    }
    Column values;
    for_timestamps(rows, interrupts, [&](std::span<const std::size_t> group) {
        const Exposures exposures(rows.matrix, group, exposed);
        for (const auto column : columns) {
            values.clear();
            for (const auto row : group) values.push_back(cell(rows.matrix, row, column));
            switch (processor.kind) {
                case Kind::infinities:
                    infinities(values);
                    break;
                case Kind::cs_fill:
                    fill(values);
                    break;
                case Kind::cs_rank:
                    rank(values);
                    break;
                case Kind::neutralise:
                    exposures.residual(values);
                    break;
                default:
                    processor.robust ? robust_z_score(values) : z_score(values);
            }
            for (std::size_t i = 0; i < group.size(); ++i)
                cell(rows.matrix, group[i], column) = static_cast<float>(values[i]);
        }
    });
}

}  // namespace bourse::datasets
