// Which column of a file is which field of a bar: by option, by name, or by the layout.
#pragma once

#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bourse::market {

enum class Field { symbol, freq, ts, clock, open, high, low, close, volume, amount, adj_factor, known_at, adj_close };
inline constexpr std::size_t field_count = 13;
// Names that --map takes: all but the two that only layouts use (clock: time of day beside a date; adj_close).
inline constexpr std::array<std::string_view, field_count> field_names{
    "symbol", "freq",   "ts",     "clock",      "open",     "high",     "low",
    "close",  "volume", "amount", "adj_factor", "known_at", "adj_close"};

inline constexpr int no_column = -1;

// Columns of one instrument in the file; wide files (two-level pandas columns) have several.
struct ColumnGroup {
    std::string symbol;  // fixed by the column names; empty: by column, option or file name
    std::array<int, field_count> column;
    ColumnGroup() { column.fill(no_column); }
    int operator[](Field field) const noexcept { return column[static_cast<std::size_t>(field)]; }
    int& operator[](Field field) noexcept { return column[static_cast<std::size_t>(field)]; }
};

struct ColumnMap {
    std::string layout;  // for people: "named columns", "exchange klines", "pandas two-level columns", "qlib", "yahoo"
    std::vector<ColumnGroup> groups;
    bool adjusted_by_factor = false;  // qlib: prices are multiplied by the factor already, volume divided by it
};

using MapOptions = std::map<std::string, std::string>;  // field name -> column name

// Reads "ts=trade_date,close=adj_close". Errors: invalid_argument (form), unknown_option (no such field).
MapOptions parse_map_option(std::string_view text);

// Errors: refused_file when a needed field has no column, or --map names a column that is not there; the hint shows
// the columns and the remedy.
ColumnMap map_columns(std::span<const std::string> columns, const MapOptions& options);

// A headerless file: 6 columns (time, open, high, low, close, volume) or 11–12 (exchange klines).
// Errors: refused_file for any other count.
std::vector<std::string> headerless_columns(std::size_t count);

}  // namespace bourse::market
