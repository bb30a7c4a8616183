#include "datasets/dates.hpp"

#include <chrono>
#include <cstdio>

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

}  // namespace bourse::datasets
