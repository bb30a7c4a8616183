#include "market/frequency.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <string>

namespace bourse::market {
namespace {

constexpr std::int64_t minute = 60'000'000;
constexpr std::int64_t day = 24 * 60 * minute;
constexpr std::int64_t monday = 4 * day;  // 1970-01-05

std::int64_t floor_div(std::int64_t a, std::int64_t b) noexcept { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

}  // namespace

std::optional<Frequency> frequency_named(std::string_view name) noexcept {
    for (std::size_t i = 0; i < frequency_names.size(); ++i)
        if (frequency_names[i] == name) return static_cast<Frequency>(i);
    return std::nullopt;
}

std::optional<Frequency> parse_frequency(std::string_view text) {
    if (text == "1M" || text == "M") return Frequency::mo1;
    if (text.size() > 16) return std::nullopt;
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::size_t digits = 0;
    while (digits < lower.size() && std::isdigit(static_cast<unsigned char>(lower[digits]))) ++digits;
    if (digits > 3) return std::nullopt;
    const int count = digits ? std::stoi(lower.substr(0, digits)) : 1;
    const std::string unit = lower.substr(digits);
    const auto is = [&](std::initializer_list<const char*> names) {
        return std::any_of(names.begin(), names.end(), [&](const char* n) { return unit == n; });
    };
    if (is({"m", "min", "minute", "minutes", "t"})) {
        if (!digits && unit == "m") return std::nullopt;
        switch (count) {
            case 1:
                return Frequency::m1;
            case 5:
                return Frequency::m5;
            case 15:
                return Frequency::m15;
            case 30:
                return Frequency::m30;
            case 60:
                return Frequency::h1;
            case 240:
                return Frequency::h4;
            default:
                return std::nullopt;
        }
    }
    if (is({"h", "hour", "hours", "hourly"}))
        return count == 1 ? std::optional(Frequency::h1) : count == 4 ? std::optional(Frequency::h4) : std::nullopt;
    if (count != 1) return std::nullopt;
    if (is({"d", "day", "daily"})) return Frequency::d1;
    if (is({"w", "week", "weekly", "wk"})) return Frequency::w1;
    if (is({"mo", "month", "monthly", "mon"})) return Frequency::mo1;
    return std::nullopt;
}

std::int64_t step_us(Frequency freq) noexcept {
    constexpr std::array<std::int64_t, 9> steps{
        minute, 5 * minute, 15 * minute, 30 * minute, 60 * minute, 240 * minute, day, 7 * day, 0};
    return steps[static_cast<std::size_t>(freq)];
}

bool on_grid(Frequency freq, std::int64_t unix_us) noexcept {
    if (freq == Frequency::w1) return (unix_us - monday) % (7 * day) == 0;
    if (freq != Frequency::mo1) return unix_us % step_us(freq) == 0;
    if (unix_us % day != 0) return false;
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{floor_div(unix_us, day)}}};
    return date.day() == std::chrono::day{1};
}

std::int64_t open_of(Frequency freq, std::int64_t close_us) noexcept {
    if (freq != Frequency::mo1) return close_us - step_us(freq);
    const std::int64_t date_index = floor_div(close_us, day);
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{date_index}}};
    const auto before = std::chrono::year_month{date.year(), date.month()} - std::chrono::months{1};
    const std::chrono::sys_days start{before / date.day()};
    return start.time_since_epoch().count() * day + (close_us - date_index * day);
}

}  // namespace bourse::market
