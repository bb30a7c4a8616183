#include "market/text_values.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cstring>

namespace bourse::market {
namespace {

constexpr std::int64_t second = 1'000'000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
           });
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Removes thousands separators; empty when they do not stand in groups of three.
std::string_view without_separators(std::string_view text, std::array<char, 64>& buffer) noexcept {
    if (text.size() >= buffer.size()) return {};
    const auto integer_end = std::min(text.find('.'), text.size());
    std::size_t out = 0, since = 0;
    bool seen = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ',') {
            if (i > integer_end || (seen ? since != 3 : since == 0 || since > 3)) return {};
            seen = true;
            since = 0;
            continue;
        }
        if (i < integer_end && is_digit(text[i])) ++since;
        if (i == integer_end && seen && since != 3) return {};
        buffer[out++] = text[i];
    }
    if (integer_end == text.size() && seen && since != 3) return {};
    return {buffer.data(), out};
}

// A reader of the digits and marks of one text, left to right.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}
    bool done() const noexcept { return rest_.empty(); }
    char peek() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }
    bool take(char c) noexcept {
        if (peek() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool take_any(std::string_view set) noexcept {
        if (rest_.empty() || set.find(rest_.front()) == std::string_view::npos) return false;
        rest_.remove_prefix(1);
        return true;
    }
    // `lowest` to `most` digits.
    std::optional<int> number(int lowest, int most) noexcept {
        int value = 0, count = 0;
        while (count < most && !rest_.empty() && is_digit(rest_.front())) {
            value = value * 10 + (rest_.front() - '0');
            rest_.remove_prefix(1);
            ++count;
        }
        if (count < lowest) return std::nullopt;
        return value;
    }
    void skip_blanks() noexcept {
        while (take(' ')) {
        }
    }
    std::string_view rest() const noexcept { return rest_; }
    void drop(std::size_t count) noexcept { rest_.remove_prefix(count); }

private:
    std::string_view rest_;
};

std::optional<std::int64_t> date_us(int year, int month, int day_of_month) noexcept {
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day_of_month < 1) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day_of_month)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date}.time_since_epoch().count() * day;
}

// Two numbers after YYYY or before it: a date, and what separates its parts.
std::optional<std::int64_t> scan_date(Scanner& in) noexcept {
    Scanner probe = in;
    const auto first = probe.number(1, 4);
    if (!first) return std::nullopt;
    const char mark = probe.peek();
    if (!probe.take_any("-/.")) return std::nullopt;
    const auto second_part = probe.number(1, 2);
    if (!second_part || !probe.take(mark)) return std::nullopt;
    const bool year_first = in.rest().find(mark) == 4;
    const auto third = probe.number(year_first ? 1 : 4, year_first ? 2 : 4);
    if (!third) return std::nullopt;
    std::optional<std::int64_t> date;
    if (year_first)
        date = date_us(*first, *second_part, *third);
    else if (mark == '/')
        date = date_us(*third, *first, *second_part);  // M/D/YYYY
    else if (mark == '.')
        date = date_us(*third, *second_part, *first);  // D.M.YYYY
    if (date) in = probe;
    return date;
}

std::optional<std::int64_t> scan_clock(Scanner& in) noexcept {
    const auto hours = in.number(1, 2);
    if (!hours) return std::nullopt;
    std::int64_t us = 0;
    std::optional<int> minutes = 0, seconds = 0;
    if (in.take(':')) {
        minutes = in.number(2, 2);
        if (in.take(':')) seconds = in.number(2, 2);
    }
    if (!minutes || !seconds || *minutes > 59 || *seconds > 59) return std::nullopt;
    if (in.take_any(".,")) {
        std::int64_t unit = second;
        int digits = 0;
        for (; is_digit(in.peek()); in.drop(1), ++digits) {
            unit /= 10;
            us += unit * (in.peek() - '0');
        }
        if (digits == 0) return std::nullopt;
    }
    int hour_of_day = *hours;
    in.skip_blanks();
    const auto half = in.rest().substr(0, 2);
    if (equal_ignoring_case(half, "AM") || equal_ignoring_case(half, "PM")) {
        if (hour_of_day < 1 || hour_of_day > 12) return std::nullopt;
        hour_of_day = hour_of_day % 12 + (equal_ignoring_case(half, "PM") ? 12 : 0);
        in.drop(2);
    }
    if (hour_of_day > 23) return std::nullopt;
    return us + hour_of_day * hour + *minutes * minute + *seconds * second;
}

// Z, UTC, GMT, ±HH, ±HHMM, ±HH:MM; nothing: no zone. Empty optional: something else stands there.
std::optional<std::optional<std::int64_t>> scan_zone(Scanner& in) noexcept {
    in.skip_blanks();
    if (in.done()) return std::optional<std::int64_t>{};
    if (equal_ignoring_case(in.rest(), "Z") || equal_ignoring_case(in.rest(), "UTC") ||
        equal_ignoring_case(in.rest(), "GMT"))
        return std::optional<std::int64_t>{0};
    const bool negative = in.peek() == '-';
    if (!in.take_any("+-")) return std::nullopt;
    const auto hours = in.number(2, 2);
    in.take(':');
    const auto minutes = in.done() ? std::optional(0) : in.number(2, 2);
    if (!hours || !minutes || *hours > 15 || *minutes > 59 || !in.done()) return std::nullopt;
    const std::int64_t offset = *hours * hour + *minutes * minute;
    return std::optional<std::int64_t>{negative ? -offset : offset};
}

std::optional<ParsedTime> parse_digits(std::string_view digits) noexcept {
    std::int64_t value = 0;
    if (digits.size() > 19 || std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc{})
        return std::nullopt;
    const bool has_clock =
        (digits.size() == 14 || digits.size() == 12) && (digits.starts_with("19") || digits.starts_with("20"));
    if (!has_clock) return time_from_integer(value);
    Scanner in(digits);
    const auto year = in.number(4, 4), month = in.number(2, 2), day_of_month = in.number(2, 2), hours = in.number(2, 2),
               minutes = in.number(2, 2);
    const auto seconds = digits.size() == 14 ? in.number(2, 2) : std::optional(0);
    const auto date = date_us(*year, *month, *day_of_month);
    if (!date || *hours > 23 || *minutes > 59 || *seconds > 59) return std::nullopt;
    return ParsedTime{*date + *hours * hour + *minutes * minute + *seconds * second, false, false};
}

}  // namespace

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    const auto from = text.find_first_not_of(blanks);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

bool is_missing_text(std::string_view text) noexcept {
    text = trimmed(text);
    if (text.empty()) return true;
    for (const char* name : {"null", "none", "na", "n/a", "-", "--", "<na>", "\\n"})
        if (equal_ignoring_case(text, name)) return true;
    return false;
}

ParsedNumber parse_number(std::string_view text) noexcept {
    text = trimmed(text);
    if (text.empty()) return {};
    std::array<char, 64> buffer;
    std::string_view digits = text;
    if (digits.front() == '+') digits.remove_prefix(1);
    if (digits.find(',') != std::string_view::npos) digits = without_separators(digits, buffer);
    if (!digits.empty() && digits.front() != '+') {
        double value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        const bool whole = end == digits.data() + digits.size();
        if (error == std::errc{} && whole) return {TextKind::value, value};
        // Too small for a double is 0 to every other program as well; too large is nothing.
        if (error == std::errc::result_out_of_range && whole && digits.find("e-") != std::string_view::npos)
            return {TextKind::value, 0.0};
    }
    if (is_missing_text(text)) return {};
    return {TextKind::unreadable, 0};
}

std::optional<ParsedTime> time_from_integer(std::int64_t value) noexcept {
    if (value >= 10'000'101 && value <= 99'991'231) {  // eight digits: a date
        const auto date = date_us(static_cast<int>(value / 10000), static_cast<int>(value / 100 % 100),
                                  static_cast<int>(value % 100));
        if (!date) return std::nullopt;
        return ParsedTime{*date, false, true};
    }
    if (value < 0) return std::nullopt;
    if (value < 100'000'000'000) return ParsedTime{value * second, true, false};    // until the year 5138
    if (value < 100'000'000'000'000) return ParsedTime{value * 1000, true, false};  // milliseconds from 1973 on
    if (value < 100'000'000'000'000'000) return ParsedTime{value, true, false};     // microseconds
    return ParsedTime{value / 1000, true, false};                                   // nanoseconds
}

std::optional<ParsedTime> parse_time(std::string_view text) noexcept {
    text = trimmed(text);
    if (text.empty() || text.size() > 64) return std::nullopt;
    const auto dot_zero = text.find('.');
    std::string_view digits = text;
    if (dot_zero != std::string_view::npos && dot_zero >= 8 &&
        text.find_first_not_of('0', dot_zero + 1) == std::string_view::npos)
        digits = text.substr(0, dot_zero);
    if (digits.size() >= 8 && std::all_of(digits.begin(), digits.end(), is_digit)) return parse_digits(digits);

    Scanner in(text);
    std::optional<std::int64_t> date = scan_date(in);
    if (!date) {  // YYYYMMDD followed by a clock
        const auto year = in.number(4, 4), month = in.number(2, 2), day_of_month = in.number(2, 2);
        if (!year || !month || !day_of_month) return std::nullopt;
        date = date_us(*year, *month, *day_of_month);
        if (!date) return std::nullopt;
    }
    if (in.done()) return ParsedTime{*date, false, true};
    if (!in.take_any("Tt ")) return std::nullopt;
    in.skip_blanks();
    const auto clock = scan_clock(in);
    if (!clock) return std::nullopt;
    const auto zone = scan_zone(in);
    if (!zone) return std::nullopt;
    const bool zoned = zone->has_value();
    return ParsedTime{*date + *clock - (zoned ? **zone : 0), zoned, false};
}

}  // namespace bourse::market
