#include "factors/frequency.hpp"

#include <array>
#include <chrono>

#include "core/error.hpp"

namespace bourse::factors {
namespace {

constexpr std::int64_t minute_us = 60'000'000, hour_us = 60 * minute_us, day_us = 24 * hour_us;
constexpr std::int64_t monday_us = 4 * day_us;  // 1970-01-05

struct Known {
    std::string_view name;
    std::int64_t step_us;
    std::string_view aliases;  // between bars
};
constexpr std::array<Known, 9> known{{{"1m", minute_us, "|1min|min|"},
                                      {"5m", 5 * minute_us, "|5min|"},
                                      {"15m", 15 * minute_us, "|15min|"},
                                      {"30m", 30 * minute_us, "|30min|"},
                                      {"1h", hour_us, "|60m|60min|hour|1hour|"},
                                      {"4h", 4 * hour_us, "|240m|240min|4hour|"},
                                      {"1d", day_us, "|d|day|1day|daily|"},
                                      {"1w", 7 * day_us, "|w|week|1week|weekly|"},
                                      {"1mo", 31 * day_us, "|mo|month|1month|monthly|"}}};

std::chrono::year_month_day date_of(std::int64_t ts_us) {
    return std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(ts_us)));
}

std::int64_t first_of(const std::chrono::year_month& month) {
    const std::chrono::sys_days day = month / std::chrono::day(1);
    return std::chrono::duration_cast<std::chrono::microseconds>(day.time_since_epoch()).count();
}

}  // namespace

std::int64_t Frequency::floor(std::int64_t ts_us) const noexcept {
    if (name == "1mo") {
        const auto date = date_of(ts_us);
        return first_of(date.year() / date.month());
    }
    const std::int64_t origin = name == "1w" ? monday_us : 0;
    std::int64_t rest = (ts_us - origin) % step_us;
    if (rest < 0) rest += step_us;
    return ts_us - rest;
}

std::int64_t Frequency::end(std::int64_t ts_us) const noexcept {
    if (name != "1mo") return ts_us + step_us;
    const auto date = date_of(ts_us);
    return first_of(date.year() / date.month() + std::chrono::months(1)) + (ts_us - floor(ts_us));
}

Frequency parse_frequency(std::string_view name) {
    std::string lower(name);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    for (const auto& k : known)
        if (lower == k.name || (!lower.empty() && k.aliases.find("|" + lower + "|") != std::string_view::npos))
            return {std::string(k.name), k.step_us};
    throw Error(ErrorKind::invalid_argument, "unknown frequency '" + std::string(name) + "'",
                "use one of 1m 5m 15m 30m 1h 4h 1d 1w 1mo");
}

}  // namespace bourse::factors
