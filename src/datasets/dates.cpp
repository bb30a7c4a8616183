#include "datasets/dates.hpp"

#include <chrono>
#include <cstdio>

#include "core/error.hpp"

namespace bourse::datasets {

std::string date_text(std::int64_t us) {
    using namespace std::chrono;
    const sys_time<microseconds> at{microseconds(us)};
    const auto day = floor<days>(at);
    const year_month_day date(day);
    const auto seconds = static_cast<long>(duration_cast<std::chrono::seconds>(at - day).count());
    char text[64];
    std::snprintf(text, sizeof text, seconds == 0 ? "%04d-%02u-%02u" : "%04d-%02u-%02u %02ld:%02ld:%02ld",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  seconds / 3600, seconds / 60 % 60, seconds % 60);
    return text;
}

std::int64_t read_time(const std::string& text, const std::string& what) {
    using namespace std::chrono;
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    char end = 0;
    const int fields = std::sscanf(text.c_str(), "%4d-%2d-%2d%*1[T ]%2d:%2d:%2d%c", &year, &month, &day, &hour, &minute,
                                   &second, &end);
    const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                              std::chrono::day(static_cast<unsigned>(day))};
    const bool is_time = fields == 6 || (fields == 7 && end == 'Z');
    if (!(is_time || (fields == 3 && text.size() == 10)) || !date.ok() || hour > 23 || minute > 59 || second > 59)
        throw Error(ErrorKind::invalid_argument,
                    what + " is \"" + text.substr(0, 40) + "\", expected as 2020-03-04 or 2020-03-04T09:30:00Z (UTC)");
    return duration_cast<microseconds>(sys_days(date).time_since_epoch() + hours(hour) + minutes(minute) +
                                       seconds(second))
        .count();
}

}  // namespace bourse::datasets
