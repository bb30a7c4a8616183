#include "datasets/processors/columns.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/gather.hpp"
#include "core/pool.hpp"

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
                     const std::function<void(std::size_t, std::vector<float>&, FloatSorter&)>& each) {
    const std::size_t features = rows.matrix.columns(), count = rows.matrix.rows();
    const std::size_t at_once =
        std::clamp<std::size_t>(gathered_bytes / ((count + 1) * sizeof(float)), 1, columns_at_once);
    const auto wanted = [&](std::size_t row) { return rows.fit[row] && rows.keep[row]; };
    const auto values = std::as_const(rows.matrix).view();
    std::vector<std::pair<std::size_t, std::size_t>> runs;  // of columns side by side
    for (const auto column : columns) {
        const bool goes_on = !runs.empty() && runs.back().first + runs.back().second == column &&
                             runs.back().second < at_once && column < features;
        if (goes_on) ++runs.back().second;
        if (!goes_on) runs.emplace_back(column, 1);
    }
    struct Room {
        std::vector<std::vector<float>> gathered{columns_at_once};
        FloatSorter sorter;
    };
    Pool<Room> rooms;
    in_parallel(rows.parallel, runs.size(), interrupts, [&](std::size_t piece) {
        const auto [first, some] = runs[piece];
        rooms.with_one([&, first = first, some = some](Room& room) {
            const std::span gathered(room.gathered.data(), some);
            if (first == features)
                gather_columns(values.labels, 1, 0, wanted, gathered);
            else
                gather_columns(values.values, features, first, wanted, gathered);
            for (std::size_t i = 0; i < some; ++i) {
                if (!rows.parallel) check(interrupts);
                each(first + i, gathered[i], room.sorter);
            }
        });
    });
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

void apply_steps(std::span<const ColumnStep> steps, ProcessedRows& rows, const CheckInterrupts& interrupts) {
    if (steps.empty()) return;
    const std::size_t end = std::min(rows.to, rows.matrix.rows()), label = rows.matrix.columns();
    if (rows.from >= end) return;
    in_runs(rows.parallel, end - rows.from, rows_between_checks, interrupts, [&](std::size_t from, std::size_t to) {
        for (std::size_t row = rows.from + from; row < rows.from + to; ++row) {
            auto& outcome = rows.matrix.labels()[row];
            bourse::apply_steps(steps, rows.matrix.row(row));
            for (const auto& step : steps) outcome = step.value(label, outcome);
        }
    });
}

}  // namespace bourse::datasets
