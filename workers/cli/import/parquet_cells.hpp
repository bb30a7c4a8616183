// Cells of one Arrow column.
#pragma once

#include <functional>
#include <memory>

#include <arrow/api.h>

#include "workers/cli/import/table_reader.hpp"

namespace bourse::cli {

// Whether a field of bars can be read from a column of this type: numbers, texts, times, dates, dictionaries of these.
bool is_readable(const arrow::DataType& type);

using CellGetter = std::function<void(std::int64_t row, Cell& cell)>;

// Reads the rows of `array`, which outlives the getter. Nulls leave the cell missing.
CellGetter cells_of(const std::shared_ptr<arrow::Array>& array);

}  // namespace bourse::cli
