// Columns of the rows that processors work on: features, then the label as the last one.
#pragma once

#include <functional>
#include <vector>

#include "core/float_order.hpp"
#include "datasets/processors.hpp"

namespace bourse::datasets {

// Columns of a group, by number; the label is number features.size().
std::vector<std::size_t> columns_of(Group group, std::size_t features);

inline float& cell(Matrix& matrix, std::size_t row, std::size_t column) {
    return column == matrix.columns() ? matrix.labels()[row] : matrix.row(row)[column];
}

// Calls `each` with a column and its values that are not missing, in order of rows, over the rows to learn from.
// A few columns are gathered at a time, the matrix lies row by row, and several of these side by side where rows allow;
// each thread has a sorter.
void for_fit_columns(ProcessedRows& rows, std::span<const std::size_t> columns, const CheckInterrupts& interrupts,
                     const std::function<void(std::size_t column, std::vector<float>& values, FloatSorter&)>& each);

// Calls `each` with the rows of one timestamp, those with keep 0 left out.
void for_timestamps(ProcessedRows& rows, const CheckInterrupts& interrupts,
                    const std::function<void(std::span<const std::size_t> rows)>& each);

void apply_steps(std::span<const ColumnStep> steps, ProcessedRows& rows, const CheckInterrupts& interrupts);

// By processors/fitted.cpp and processors/by_timestamp.cpp.
std::vector<ColumnStep> fit(const Processor& processor, ProcessedRows& rows, const CheckInterrupts& interrupts);
// What it does, the label as the last column.
CrossStep cross_step_of(const Processor& processor, std::span<const std::string> features);
void apply_across(const CrossStep& step, ProcessedRows& rows, const CheckInterrupts& interrupts);
// By processors/section.cpp.
std::vector<Applied> process_section(const Processor& processor, ProcessedRows& rows,
                                     const CheckInterrupts& interrupts);

// Does it now, or has it wait where the rows have steps wait.
void add_steps(std::span<const ColumnStep> steps, ProcessedRows& rows, const CheckInterrupts& interrupts);

}  // namespace bourse::datasets
