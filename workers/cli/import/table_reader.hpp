// Rows of a file, one after the other, in bounded memory. CSV gives texts, Parquet typed values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bourse::cli {

struct Cell {
    enum class Kind { missing, text, number, instant, local_time, date };
    Kind kind = Kind::missing;
    std::string_view text;     // valid until the next row
    double number = 0;         // number; exact up to 2^53
    std::int64_t integer = 0;  // instant, local_time: microseconds since 1970; date: days since 1970; whole numbers too
    bool whole = false;        // `integer` holds the number exactly
};

class TableReader {
public:
    virtual ~TableReader() = default;
    virtual const std::vector<std::string>& columns() const = 0;
    // Before the first next(): the columns that are needed; cells of others may stay missing.
    virtual void use_only(const std::vector<int>& /*columns*/) {}
    // False after the last row. `row` has columns().size() cells at least; more when the file's row is longer.
    // Throws Error(unreadable_file) for a damaged file.
    virtual bool next(std::vector<Cell>& row) = 0;
    // Where the row of the last next() begins: line of a text file from 1, row of a Parquet file from 1.
    virtual std::int64_t line() const = 0;
    virtual const char* line_word() const = 0;  // "line" or "row"
    // How many cells the file's row of the last next() has itself.
    virtual std::size_t own_cells() const { return columns().size(); }
    // 0–1, when the source itself cannot tell (Parquet); negative: ask the source.
    virtual double progress_ratio() const { return -1; }
};

}  // namespace bourse::cli
