// Comma-separated text by libcsv: quotes, any of , ; tab | as separator, a byte order mark, CR LF.
#pragma once

#include <memory>

#include "workers/cli/import/byte_source.hpp"
#include "workers/cli/import/table_reader.hpp"

namespace bourse::cli {

// `source` outlives the reader. The first line is the header unless it is all numbers (exchange klines without one);
// yfinance's three header lines become two-level names. Errors: refused_file (no header and an unknown count of
// columns), unreadable_file (empty file, a line above 1 MB, quotes that never end).
std::unique_ptr<TableReader> open_csv(ByteSource& source, const std::string& path);

}  // namespace bourse::cli
