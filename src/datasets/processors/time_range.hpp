// TimeRangeFlt: instruments whose bars do not reach from one time to another.
// Source: Microsoft Qlib, qlib/data/dataset/processor.py at 0.9.7.
#pragma once

#include <span>
#include <unordered_set>

#include "datasets/labels.hpp"
#include "datasets/processors.hpp"

namespace bourse::datasets {

bool has_time_range(std::span<const Processor> processors) noexcept;

// Of the instruments of these rows those that a time range leaves out: whose first row lies after the first time of any
// row at or after its start, or whose last row lies before the last time at or before its end. rows: all that have a
// bar, with a label or without. Errors: invalid_argument for a range that lies beside all rows.
std::unordered_set<std::int32_t> out_of_time_range(std::span<const Processor> processors,
                                                   std::span<const LabelRow> rows);

}  // namespace bourse::datasets
