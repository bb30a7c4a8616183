#include "market/qlib_layout.hpp"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <cstring>
#include <ctime>
#include <limits>
#include <unordered_map>

#include "core/error.hpp"
#include "market/code_style.hpp"

namespace bourse::market {
namespace {

static_assert(std::endian::native == std::endian::little, "bins are little-endian");

constexpr std::int64_t day_us = 86'400'000'000;

std::string quoted(std::string_view text) { return "'" + std::string(text.substr(0, 80)) + "'"; }

[[noreturn]] void refuse(std::int64_t line, const std::string& what, const std::string& remedy) {
    throw Error(ErrorKind::refused_file, "line " + std::to_string(line) + ": " + what, remedy);
}

// Calls use(line, number) for every line that is not blank.
template <class Use>
void each_line(std::string_view text, Use use) {
    for (std::int64_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!line.empty()) use(line, number);
    }
}

ParsedTime time_of(std::string_view text, std::int64_t line) {
    const auto time = parse_time(text);
    if (!time || time->zoned || (text.size() != 10 && text.size() != 19))
        refuse(line, quoted(text) + " is no day or time", "YYYY-MM-DD, or YYYY-MM-DD HH:MM:SS below a day");
    return *time;
}

std::vector<std::string_view> fields_of(std::string_view line) {
    const bool tabs = line.find('\t') != std::string_view::npos;
    std::vector<std::string_view> fields;
    while (!line.empty()) {
        const auto end = std::min(tabs ? line.find('\t') : line.find_first_of(" ,"), line.size());
        if (const auto field = trimmed(line.substr(0, end)); !field.empty()) fields.push_back(field);
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return fields;
}

std::string text_of(const QlibSpan& span) { return qlib_time_text(span.from) + " to " + qlib_time_text(span.to); }

void refuse_overlaps(const std::vector<QlibSpan>& spans) {
    std::unordered_map<std::string_view, std::vector<const QlibSpan*>> by_code;
    for (const auto& span : spans) by_code[span.code].push_back(&span);
    for (auto& [code, own] : by_code) {
        std::sort(own.begin(), own.end(), [](const auto* a, const auto* b) { return a->from.us < b->from.us; });
        for (std::size_t i = 1; i < own.size(); ++i)
            if (own[i]->from.us <= own[i - 1]->to.us) {
                const auto [above, below] =
                    std::minmax(own[i - 1], own[i], [](const auto* a, const auto* b) { return a->line < b->line; });
                refuse(below->line,
                       "the span of " + std::string(code) + ", " + text_of(*below) + ", overlaps the one of line " +
                           std::to_string(above->line) + ", " + text_of(*above),
                       "both ends of a span belong to it: let the later one begin a session after the earlier ends");
            }
    }
}

}  // namespace

std::string_view qlib_name(Frequency freq) noexcept {
    constexpr std::array<std::string_view, 9> names{"1min",   "5min", "15min", "30min", "60min",
                                                    "240min", "day",  "week",  "month"};
    return names[static_cast<std::size_t>(freq)];
}

std::string qlib_folder(std::string_view code) {
    std::string folder(code);
    std::transform(folder.begin(), folder.end(), folder.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto counted = [&](std::string_view device) {
        return folder.size() == 4 && folder.compare(0, 3, device) == 0 && folder[3] >= '0' && folder[3] <= '9';
    };
    const bool reserved =
        folder == "con" || folder == "prn" || folder == "aux" || folder == "nul" || counted("com") || counted("lpt");
    return reserved ? "_qlib_" + folder : folder;
}

int qlib_days_apart(Frequency freq, int max_gap_days) noexcept {
    return max_gap_days == 0 || freq != Frequency::mo1 ? max_gap_days : max_gap_days + 31;
}

std::vector<ParsedTime> read_qlib_calendar(std::string_view text, int max_gap_days) {
    std::vector<ParsedTime> times;
    each_line(text, [&](std::string_view line, std::int64_t number) {
        const ParsedTime time = time_of(line, number);
        if (!times.empty()) {
            if (time.us <= times.back().us)
                refuse(number, quoted(line) + " does not come after the line before",
                       "sort the calendar, each time once");
            const auto days = (time.us - times.back().us) / day_us;
            if (max_gap_days > 0 && days > max_gap_days)
                refuse(number, "no session for " + std::to_string(days) + " days before " + quoted(line),
                       "put in what is missing, or give a larger --max-gap-days if the exchange was closed");
        }
        times.push_back(time);
    });
    if (times.empty()) throw Error(ErrorKind::refused_file, "line 1: there is no session in it", "one a line");
    return times;
}

std::string qlib_time_text(const ParsedTime& time) {
    char text[32];
    const std::time_t seconds = time.us / 1'000'000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::strftime(text, sizeof text, time.date_only ? "%Y-%m-%d" : "%Y-%m-%d %H:%M:%S", &parts);
    return text;
}

std::vector<QlibSpan> read_qlib_instruments(std::string_view text) {
    std::vector<QlibSpan> spans;
    each_line(text, [&](std::string_view line, std::int64_t number) {
        const auto fields = fields_of(line);
        if (fields.size() != 3)
            refuse(number, std::to_string(fields.size()) + " fields instead of 3 in " + quoted(line),
                   "code, first and last day, separated by tabs");
        QlibSpan span{std::string(fields[0]), time_of(fields[1], number), time_of(fields[2], number), number};
        std::transform(span.code.begin(), span.code.end(), span.code.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        if (span.to.us < span.from.us)
            refuse(number, "the span of " + span.code + " ends " + std::string(fields[2]) + ", before it begins",
                   "first day, then last day");
        try {
            (void)read_code(span.code);
        } catch (const Error& error) {
            if (!span.code.empty() && span.code.size() > 6) refuse(number, error.what(), error.hint());
        }
        spans.push_back(std::move(span));
    });
    refuse_overlaps(spans);
    return spans;
}

QlibBinShape qlib_bin_shape(std::uint64_t size_bytes, float first, std::size_t calendar_size) {
    const auto fail = [](const std::string& what, const std::string& remedy) {
        throw Error(ErrorKind::refused_file, what, remedy);
    };
    if (size_bytes < sizeof(float) || size_bytes % sizeof(float) != 0)
        fail("truncated: " + std::to_string(size_bytes) + " bytes are no whole number of 4-byte values",
             "copy the file again, or dump it again");
    const auto count = static_cast<std::size_t>(size_bytes / sizeof(float)) - 1;
    if (!(first >= 0) || first != std::floor(first) || first >= static_cast<float>(calendar_size))
        fail("wrong start index: " + std::to_string(first) + " is no position in a calendar of " +
                 std::to_string(calendar_size) + " sessions",
             "dump the field again with this calendar");
    const auto start = static_cast<std::size_t>(first);
    if (count > calendar_size - start)
        fail("wrong start index: " + std::to_string(count) + " values from position " + std::to_string(start) +
                 " do not fit into a calendar of " + std::to_string(calendar_size) + " sessions",
             "dump the field again with this calendar");
    return {start, count};
}

QlibBin read_qlib_bin(std::span<const char> bytes) {
    std::vector<float> all(bytes.size() / sizeof(float));
    std::memcpy(all.data(), bytes.data(), all.size() * sizeof(float));
    QlibBin bin;
    bin.start = static_cast<std::size_t>(all.at(0));
    bin.values.assign(all.begin() + 1, all.end());
    return bin;
}

std::string qlib_bin_bytes(const QlibBin& bin) {
    std::string bytes(sizeof(float) * (bin.values.size() + 1), '\0');
    const auto start = static_cast<float>(bin.start);
    std::memcpy(bytes.data(), &start, sizeof start);
    if (!bin.values.empty())
        std::memcpy(bytes.data() + sizeof start, bin.values.data(), bin.values.size() * sizeof(float));
    return bytes;
}

float QlibRow::*qlib_member(std::string_view field) noexcept {
    constexpr std::array<float QlibRow::*, qlib_built_in_count> members{
        &QlibRow::open,   &QlibRow::high,   &QlibRow::low,    &QlibRow::close,
        &QlibRow::volume, &QlibRow::factor, &QlibRow::amount, &QlibRow::vwap};
    for (std::size_t i = 0; i < members.size(); ++i)
        if (qlib_built_in[i] == field) return members[i];
    return nullptr;
}

BarRow bar_of(const QlibRow& row, bool traded_volume) noexcept {
    const double factor = static_cast<double>(row.factor);
    BarRow bar{};
    bar.open = static_cast<double>(row.open) / factor;
    bar.high = static_cast<double>(row.high) / factor;
    bar.low = static_cast<double>(row.low) / factor;
    bar.close = static_cast<double>(row.close) / factor;
    bar.volume = traded_volume ? static_cast<double>(row.volume) : static_cast<double>(row.volume) * factor;
    bar.amount = static_cast<double>(row.amount);
    if (std::isnan(row.amount)) bar.amount = static_cast<double>(row.vwap) / factor * bar.volume;
    bar.factor = factor;
    return bar;
}

QlibRow qlib_row_of(const BarRow& bar, bool traded_volume) noexcept {
    QlibRow row{};
    row.open = static_cast<float>(bar.open * bar.factor);
    row.high = static_cast<float>(bar.high * bar.factor);
    row.low = static_cast<float>(bar.low * bar.factor);
    row.close = static_cast<float>(bar.close * bar.factor);
    row.volume = static_cast<float>(traded_volume ? bar.volume : bar.volume / bar.factor);
    row.factor = static_cast<float>(bar.factor);
    row.amount = static_cast<float>(bar.amount);
    row.vwap = bar.volume > 0 ? static_cast<float>(bar.amount / bar.volume * bar.factor)
                              : std::numeric_limits<float>::quiet_NaN();
    return row;
}

}  // namespace bourse::market
