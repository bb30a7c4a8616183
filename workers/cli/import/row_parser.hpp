// From the cells of a file's row to the values of a bar: texts to numbers and times, or a reason why not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "market/column_map.hpp"
#include "market/text_values.hpp"
#include "workers/cli/import/table_reader.hpp"

namespace bourse::cli {

// One candidate bar. Numbers are missing when absent from the file; the rules are judged by the server.
struct ParsedRow {
    std::int64_t line = 0;
    std::string symbol, freq;  // empty: not in the row
    std::optional<market::ParsedTime> ts, known_at;
    struct Value {
        double number = 0;
        bool present = false;
    } open, high, low, close, volume, amount, adj_factor;
    std::string rule, reason, raw;  // set when a text could not be read; raw: the row as JSON
};

class RowParser {
public:
    RowParser(const market::ColumnMap& map, const std::vector<std::string>& columns) : map_(map), columns_(columns) {}

    // One row per column group; `rows` is reused, its strings keep their memory.
    void parse(const std::vector<Cell>& cells, std::int64_t line, std::vector<ParsedRow>& rows) const;

private:
    void parse_group(const std::vector<Cell>& cells, const market::ColumnGroup& group, ParsedRow& row) const;

    const market::ColumnMap& map_;
    const std::vector<std::string>& columns_;
};

// Bytes that are no UTF-8, and NUL, become U+FFFD: the server takes no others.
std::string to_utf8(std::string_view text);

}  // namespace bourse::cli
