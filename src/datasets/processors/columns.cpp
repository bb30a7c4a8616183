#include "datasets/processors/columns.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/float_order.hpp"

namespace bourse::datasets {
namespace {

constexpr std::size_t rows_between_checks = 4096;
constexpr std::size_t gathered_bytes = std::size_t{32} << 20;

}  // namespace

std::vector<std::size_t> columns_of(Group group, std::size_t features) {
    std::vector<std::size_t> columns;
    if (group != Group::label) {
        columns.resize(features);
        std::iota(columns.begin(), columns.end(), std::size_t{0});
    }
    if (group != Group::feature) columns.push_back(features);
    return columns;
}

void for_fit_columns(ProcessedRows& rows, std::span<const std::size_t> columns, const CheckInterrupts& interrupts,
                     const std::function<void(std::size_t, std::vector<float>&)>& each) {
    const auto count = static_cast<std::size_t>(std::count(rows.fit.begin(), rows.fit.end(), 1)) + 1;
    const std::size_t at_once = std::clamp<std::size_t>(gathered_bytes / (count * sizeof(float)), 1, 16);
    std::vector<std::vector<float>> gathered(at_once);
    for (std::size_t first = 0; first < columns.size(); first += at_once) {
        const auto some = columns.subspan(first, std::min(at_once, columns.size() - first));
        std::vector<std::size_t> taken(some.size());
        for (auto& values : gathered) values.resize(count);  // one too many: what is missing is written over
        for (std::size_t row = 0; row < rows.matrix.rows(); ++row) {
            if (row % rows_between_checks == 0) check(interrupts);
            if (!rows.fit[row] || !rows.keep[row]) continue;
            for (std::size_t i = 0; i < some.size(); ++i) {
                const float value = cell(rows.matrix, row, some[i]);
                gathered[i][taken[i]] = value;
                taken[i] += !std::isnan(value);
            }
        }
        for (std::size_t i = 0; i < some.size(); ++i) {
            gathered[i].resize(taken[i]);
            each(some[i], gathered[i]);
        }
    }
}

void for_timestamps(ProcessedRows& rows, const CheckInterrupts& interrupts,
                    const std::function<void(std::span<const std::size_t>)>& each) {
    const auto ts = std::as_const(rows.matrix).view().ts;
    const std::size_t end = std::min(rows.to, rows.matrix.rows());
    std::vector<std::size_t> group;
    for (std::size_t from = rows.from; from < end;) {
        check(interrupts);
        group.clear();
        std::size_t to = from;
        for (; to < end && ts[to] == ts[from]; ++to)
            if (rows.keep[to]) group.push_back(to);
        if (!group.empty()) each(group);
        from = to;
    }
}

void apply_step(const ColumnStep& step, ProcessedRows& rows, const CheckInterrupts& interrupts) {
    const std::size_t end = std::min(rows.to, rows.matrix.rows()), label = rows.matrix.columns();
    for (std::size_t row = rows.from; row < end; ++row) {
        if (row % rows_between_checks == 0) check(interrupts);
        step.apply(rows.matrix.row(row));
        auto& outcome = rows.matrix.labels()[row];
        outcome = step.value(label, outcome);
    }
}

double median(std::span<const float> values) {
    const auto [low, high] = middle_values(values);
    return low == high ? low : (static_cast<double>(low) + high) / 2;  // two equal infinities stay one
}

}  // namespace bourse::datasets
