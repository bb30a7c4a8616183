#include <algorithm>
#include <cmath>

#include "datasets/processors/columns.hpp"

namespace bourse::datasets {
namespace {

using Kind = Processor::Kind;

bool is_named(const Processor& processor, const std::string& feature) {
    return std::find(processor.columns.begin(), processor.columns.end(), feature) != processor.columns.end();
}

// Processors that do the same to every value of a column, and learn nothing.
ColumnStep plain_step(const Processor& processor, ProcessedRows& rows) {
    const auto names = rows.features;
    const std::size_t features = names.size();
    if (processor.kind == Kind::fill) {
        ColumnStep step(ColumnStep::Kind::fill, features + 1);
        for (const auto column : columns_of(processor.group, features))
            if (column == features || !rows.dropped[column]) step.set(column, processor.fill_value);
        return step;
    }
    if (processor.kind == Kind::tanh) {
        ColumnStep step(ColumnStep::Kind::tanh, features + 1);
        for (std::size_t column = 0; column < features; ++column)
            if (names[column].find("LABEL") == std::string::npos) step.set(column, 1);
        return step;
    }
    ColumnStep step(ColumnStep::Kind::drop, features + 1);
    for (std::size_t column = 0; column < features; ++column)
        if (is_named(processor, names[column]) == (processor.kind == Kind::drop_columns)) {
            step.set(column);
            rows.dropped[column] = 1;
        }
    return step;
}

void drop_rows(const Processor& processor, ProcessedRows& rows, const CheckInterrupts& interrupts) {
    const auto columns = columns_of(processor.group, rows.matrix.columns());
    const std::size_t end = std::min(rows.to, rows.matrix.rows());
    for (std::size_t row = rows.from; row < end; ++row) {
        if (row % 4096 == 0) check(interrupts);
        for (const auto column : columns)
            if ((column == rows.matrix.columns() || !rows.dropped[column]) &&
                std::isnan(cell(rows.matrix, row, column)))
                rows.keep[row] = 0;
    }
}

}  // namespace

void apply_waiting(ProcessedRows& rows, const CheckInterrupts& interrupts) {
    if (!rows.waiting) return;
    apply_steps(*rows.waiting, rows, interrupts);
    rows.waiting->clear();
}

void add_steps(std::span<const ColumnStep> steps, ProcessedRows& rows, const CheckInterrupts& interrupts) {
    if (rows.waiting)
        rows.waiting->insert(rows.waiting->end(), steps.begin(), steps.end());
    else
        apply_steps(steps, rows, interrupts);
}

std::vector<Applied> process(const Processor& processor, ProcessedRows& rows, const CheckInterrupts& interrupts) {
    if (processor.kind == Kind::section) return process_section(processor, rows, interrupts);
    Applied applied{&processor, {}, {}};
    // a time range is looked at before features are (time_range.hpp)
    if (processor.kind == Kind::nothing || processor.kind == Kind::time_range) return {applied};
    const bool looks = processor.kind == Kind::drop_missing || processor.by_timestamp() || processor.fitted();
    if (looks) apply_waiting(rows, interrupts);
    if (processor.kind == Kind::drop_missing) {
        drop_rows(processor, rows, interrupts);
        return {applied};
    }
    if (processor.by_timestamp()) {
        applied.across = cross_step_of(processor, rows.features);
        apply_across(*applied.across, rows, interrupts);
        return {applied};
    }
    applied.steps =
        processor.fitted() ? fit(processor, rows, interrupts) : std::vector<ColumnStep>{plain_step(processor, rows)};
    add_steps(applied.steps, rows, interrupts);
    return {applied};
}

std::vector<PreparationStep> feature_steps(std::span<const Applied> applied, std::size_t columns) {
    const auto changes = [&](const std::vector<std::uint8_t>& on) {
        return std::find(on.begin(), on.begin() + static_cast<std::ptrdiff_t>(columns), 1) !=
               on.begin() + static_cast<std::ptrdiff_t>(columns);
    };
    const bool across = std::any_of(applied.begin(), applied.end(), [&](const Applied& one) {
        return one.across && one.across->kind != CrossStep::Kind::infinities && changes(one.across->on);
    });
    std::vector<PreparationStep> all;
    for (const auto& one : applied) {
        if (one.across && changes(one.across->on)) {
            if (across) {
                CrossStep step = *one.across;
                step.on.resize(columns);
                all.emplace_back(std::move(step));
            } else {
                ColumnStep step(ColumnStep::Kind::finite, columns);
                for (std::size_t column = 0; column < columns; ++column) step.set(column);
                all.emplace_back(std::move(step));
            }
        }
        for (ColumnStep step : one.steps) {
            step.on.resize(columns);
            step.a.resize(columns);
            step.b.resize(columns);
            if (changes(step.on)) all.emplace_back(std::move(step));
        }
    }
    return all;
}

bool needs_cross_section(std::span<const PreparationStep> steps) noexcept {
    return std::any_of(steps.begin(), steps.end(),
                       [](const PreparationStep& step) { return std::holds_alternative<CrossStep>(step); });
}

}  // namespace bourse::datasets
