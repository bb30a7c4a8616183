// Market data as expressions see it: per instrument one series of rows on its calendar, oldest first.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bourse::factors {

// One instrument from its first to its last row that was read. A calendar position without a bar is a row of NaN.
struct Series {
    std::int32_t instrument_id = 0;
    std::string symbol;
    std::vector<std::int64_t> ts_us;          // open times, microseconds since 1970 UTC, strictly ascending
    std::vector<std::int64_t> available_us;   // close of each bar: nothing may use the row before
    std::vector<std::vector<double>> fields;  // [i][row] is the value of Panel::fields[i]; NaN = missing
    std::vector<std::uint8_t> has_bar;        // 1: a bar that counts; 0: none, or a suspended session
    std::vector<std::uint8_t> member;         // 1: in the asked universe at the row's ts
    std::vector<double> previous_close;  // where $change is read: the newest adjusted close before each row, or NaN
    std::size_t first = 0;               // rows [first, last) were asked for; the others are there for windows
    std::size_t last = 0;

    std::size_t rows() const noexcept { return ts_us.size(); }
};

struct Panel {
    std::vector<std::string> fields;  // lower case, without the dollar sign
    std::vector<Series> series;

    // Index of a field; -1 when it was not read.
    int field_index(std::string_view name) const noexcept {
        for (std::size_t i = 0; i < fields.size(); ++i)
            if (fields[i] == name) return static_cast<int>(i);
        return -1;
    }
};

}  // namespace bourse::factors
