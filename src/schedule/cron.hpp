// A cron expression: the minutes of a local calendar at which something is due. No time zone here: see slots.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bourse::schedule {

// Bit n stands for the value n.
struct Cron {
    std::uint64_t minutes = 0;  // 0 to 59
    std::uint32_t hours = 0;    // 0 to 23
    std::uint32_t days = 0;     // of the month, 1 to 31
    std::uint16_t months = 0;   // 1 to 12
    std::uint8_t weekdays = 0;  // 0 Sunday to 6 Saturday
    bool starred_days = false;  // the field starts with *
    bool starred_weekdays = false;
    bool every_hour = false;  // the hour field starts with *

    // Vixie's rule: a day must fit both fields when one of them starts with *, else one of them is enough.
    bool fits_day(unsigned day, unsigned weekday) const noexcept;
};

// Five fields "minute hour day-of-month month day-of-week" of *, numbers, names (jan, mon), ranges, steps and lists, or
// @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually. Day of week 0 or 7 is Sunday; n/step runs from n
// to the field's end. Source: crontab(5) of cronie 1.6.
// Errors: bad_expression with the position (from 1), also for days that no year has, such as 30 February.
Cron parse_cron(std::string_view text);

// The first minute at or after `local_s` that fits; nothing within 40 years: empty (parse_cron lets no such pass).
// Seconds since 1970-01-01 00:00 of the local calendar.
std::optional<std::int64_t> next_local(const Cron& cron, std::int64_t local_s);

}  // namespace bourse::schedule
