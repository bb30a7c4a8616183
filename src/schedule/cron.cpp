#include "schedule/cron.hpp"

#include <bit>
#include <chrono>

namespace bourse::schedule {
namespace {

constexpr std::int64_t minute_s = 60, day_minutes = 24 * 60;
constexpr int longest_pause_days = 40 * 366;  // leap days and weekdays meet again within 40 years, also around 2100

template <class Bits>
constexpr bool has(Bits bits, unsigned n) noexcept {
    return ((static_cast<std::uint64_t>(bits) >> n) & 1) != 0;
}

// The lowest value at or above `from`; 64 when there is none.
int first_from(std::uint64_t bits, unsigned from) noexcept {
    return std::countr_zero(bits & (~std::uint64_t{0} << from));
}

// Minute of the day at or after `from` that fits; empty when the day has none left.
std::optional<std::int64_t> next_in_day(const Cron& cron, std::int64_t from) {
    auto hour = static_cast<unsigned>(from / 60);
    if (has(cron.hours, hour)) {
        const int minute = first_from(cron.minutes, static_cast<unsigned>(from % 60));
        if (minute < 60) return hour * std::int64_t{60} + minute;
    }
    const int later = hour < 23 ? first_from(cron.hours, hour + 1) : 64;
    if (later > 23) return std::nullopt;
    return later * std::int64_t{60} + first_from(cron.minutes, 0);
}

}  // namespace

bool Cron::fits_day(unsigned day, unsigned weekday) const noexcept {
    const bool by_day = has(days, day), by_weekday = has(weekdays, weekday);
    return starred_days || starred_weekdays ? by_day && by_weekday : by_day || by_weekday;
}

std::optional<std::int64_t> next_local(const Cron& cron, std::int64_t local_s) {
    using namespace std::chrono;
    const auto from = ceil<minutes>(sys_seconds(seconds(local_s)));
    auto day = floor<days>(from);
    std::int64_t minute = (from - day) / minutes(1);
    const auto last = day + days(longest_pause_days);
    while (day <= last) {
        const year_month_day date(day);
        if (!has(cron.months, static_cast<unsigned>(date.month()))) {
            day = sys_days((date.year() / date.month() + months(1)) / 1);
            minute = 0;
            continue;
        }
        if (cron.fits_day(static_cast<unsigned>(date.day()), weekday(day).c_encoding()))
            if (const auto found = next_in_day(cron, minute))
                return day.time_since_epoch().count() * day_minutes * minute_s + *found * minute_s;
        day += days(1);
        minute = 0;
    }
    return std::nullopt;
}

}  // namespace bourse::schedule
