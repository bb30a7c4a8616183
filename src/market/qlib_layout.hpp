// Qlib's data sets on disk: calendars/<freq>.txt, instruments/<market>.txt, features/<code>/<field>.<freq>.bin.
// Source: microsoft/qlib, scripts/dump_bin.py and qlib/data/storage/file_storage.py, commit d5379c5.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "market/frequency.hpp"
#include "market/text_values.hpp"

namespace bourse::market {

// day, week, month, 1min, 5min, 15min, 30min, 60min, 240min.
std::string_view qlib_name(Frequency freq) noexcept;

// The folder of an instrument: its code in lower case; what Windows reserves (CON, COM1 …) has _qlib_ before it.
std::string qlib_folder(std::string_view code);

// So many days may lie between two times of a calendar where `max_gap_days` may be without a session: a month's own
// days are no gap. 0: any.
int qlib_days_apart(Frequency freq, int max_gap_days) noexcept;

// calendars/<freq>.txt: one date or local time a line, rising.
// Errors: refused_file with the line: no time, not after the line before, more than `max_gap_days` (0: any) between
// two lines, no line at all. The message begins with "line N: "; the caller knows the file.
std::vector<ParsedTime> read_qlib_calendar(std::string_view text, int max_gap_days);

// As calendars and memberships have it: 2024-01-31, below a day 2024-01-31 09:30:00.
std::string qlib_time_text(const ParsedTime& time);

// instruments/<market>.txt: code, first and last day or time, both included, separated by tabs or blanks.
struct QlibSpan {
    std::string code;  // in capitals
    ParsedTime from, to;
    std::int64_t line = 0;
};
// In the order of the file. Errors as above: not three fields, no time, an end before its start, spans of one code
// that overlap, a Chinese code of no known market.
std::vector<QlibSpan> read_qlib_instruments(std::string_view text);

// A .bin file: little-endian float32, the calendar position of the first value, then values, NaN where there is none.
struct QlibBin {
    std::size_t start = 0;
    std::vector<float> values;
};
struct QlibBinShape {
    std::size_t start = 0, count = 0;
};
// From a file's size and its first four bytes (as read; 0 where it has fewer). Errors: refused_file for a size that is
// no whole number of values, a start that is no position, values beyond the calendar's end.
QlibBinShape qlib_bin_shape(std::uint64_t size_bytes, float first, std::size_t calendar_size);
// `bytes`: the whole file, of which qlib_bin_shape was asked.
QlibBin read_qlib_bin(std::span<const char> bytes);
std::string qlib_bin_bytes(const QlibBin& bin);

// What Qlib's built-in fields and a bar are to each other. Prices are multiplied by the factor; volume is divided by it
// unless `traded_volume` (some sets leave it as it was traded); vwap = amount / volume times factor.
struct QlibRow {
    float open, high, low, close, volume, factor, amount, vwap;  // NaN: none
};
inline constexpr std::size_t qlib_built_in_count = 8;
inline constexpr std::array<std::string_view, qlib_built_in_count> qlib_built_in{"open",   "high",   "low",    "close",
                                                                                 "volume", "factor", "amount", "vwap"};
float QlibRow::*qlib_member(std::string_view field) noexcept;  // null: no built-in field

struct BarRow {
    double open, high, low, close, volume, amount, factor;  // as bourse.bar: raw; NaN: none
};
// Exact both ways: rows whose bar exists come back with the same bits (two roundings in double change no float32).
BarRow bar_of(const QlibRow& row, bool traded_volume) noexcept;
QlibRow qlib_row_of(const BarRow& bar, bool traded_volume) noexcept;

}  // namespace bourse::market
