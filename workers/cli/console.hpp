// Text for people: tables, ages, numbers. Formatting alone; nothing here knows a terminal or a database.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace bourse::cli {

// 12 s, 5 min, 3 h, 2 d: the largest unit that gives at least 1. Negative and NaN: "now".
std::string format_age(double seconds);

// 1,234,567
std::string format_count(std::int64_t value);

// 512 B, 1.5 KB, 20 MB; powers of 1024.
std::string format_size(std::int64_t size_bytes);

// At most `digits` digits after the point, no trailing zeros; NaN and infinite values as "–".
std::string format_number(double value, int digits);

// Columns of a terminal that the UTF-8 text takes, one per code point.
std::size_t display_width(std::string_view text);

// Cuts to `width` columns, the last one being "…" when something was cut.
std::string shorten(std::string_view text, std::size_t width);

// Left-aligned columns under a header, two blanks between; numbers to the right when the header starts with '>'.
class TextTable {
public:
    explicit TextTable(std::vector<std::string> header);
    void add(std::vector<std::string> row);  // missing cells are empty
    bool empty() const noexcept { return rows_.empty(); }
    void print(std::FILE* out, std::string_view indent = "") const;

private:
    std::vector<std::string> header_;
    std::vector<bool> right_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace bourse::cli
