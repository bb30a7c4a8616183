// Numbers and times as market data files write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bourse::market {

enum class TextKind { missing, value, unreadable };

struct ParsedNumber {
    TextKind kind = TextKind::missing;
    double value = 0;  // may be NaN or infinite when the text says so
};

// Blanks around it, a leading +, and thousands separators in groups of three are allowed. Missing: empty, null, None,
// NA, N/A, -, --. Unreadable: anything else, also what no double can hold.
ParsedNumber parse_number(std::string_view text) noexcept;

struct ParsedTime {
    std::int64_t us = 0;     // microseconds since 1970-01-01 00:00, UTC when zoned, else of some local clock
    bool zoned = false;      // the text fixed the instant: an offset, Z, or an epoch number
    bool date_only = false;  // a date without a time of day: a label, not an instant
};

// ISO dates and times (with - / or . between, T or blank, fraction, Z or ±HH[:MM]), YYYYMMDD, YYYYMMDDHHMM[SS],
// M/D/YYYY with optional time and AM/PM, epoch seconds, milli-, micro- and nanoseconds by their size.
std::optional<ParsedTime> parse_time(std::string_view text) noexcept;

// As parse_time for a number column: YYYYMMDD or an epoch by its size.
std::optional<ParsedTime> time_from_integer(std::int64_t value) noexcept;

bool is_missing_text(std::string_view text) noexcept;
std::string_view trimmed(std::string_view text) noexcept;

}  // namespace bourse::market
