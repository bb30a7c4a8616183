// Parquet by Arrow C++, row group by row group.
#pragma once

#include <memory>

#include "workers/cli/import/table_reader.hpp"

namespace bourse::cli {

// Errors: unreadable_file for what is no Parquet file, is cut short or damaged, or whose row groups would not fit
// into memory; unavailable when this program was built without Arrow C++.
std::unique_ptr<TableReader> open_parquet(const std::string& path);

}  // namespace bourse::cli
