// Lengths of bars and the grid around the clock: multiples of the step from the epoch, weeks from Monday, months from
// the first; all UTC, in microseconds since 1970.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bourse::factors {

struct Frequency {
    std::string name;      // as bars carry it: 1m 5m 15m 30m 1h 4h 1d 1w 1mo
    std::int64_t step_us;  // of a month: 31 days, its greatest length

    bool within_day() const noexcept { return step_us < 86'400'000'000; }
    std::int64_t floor(std::int64_t ts_us) const noexcept;  // the grid position at or before
    std::int64_t end(std::int64_t ts_us) const noexcept;    // where the bar that starts at ts ends
};

// Errors: invalid_argument. Qlib's and others' names (day, 5min, week) are accepted.
Frequency parse_frequency(std::string_view name);

}  // namespace bourse::factors
