// A file opened as a table: unpacked and decoded by what its name and its first bytes say, columns mapped.
#pragma once

#include <memory>
#include <string>

#include "market/column_map.hpp"
#include "workers/cli/import/byte_source.hpp"
#include "workers/cli/import/import_options.hpp"
#include "workers/cli/import/table_reader.hpp"

namespace bourse::cli {

class InputTable {
public:
    // Errors: unreadable_file (not what its name says, damaged), refused_file (columns), unavailable (no Arrow).
    InputTable(HashedFile& file, const ImportOptions& options);

    TableReader& rows() { return *reader_; }
    const market::ColumnMap& map() const { return map_; }
    const char* format() const { return parquet_ ? "parquet" : "csv"; }
    double progress_ratio() const;

private:
    HashedFile& file_;
    bool parquet_ = false;
    std::unique_ptr<ByteSource> source_;
    std::unique_ptr<TableReader> reader_;
    market::ColumnMap map_;
};

}  // namespace bourse::cli
