// Local clocks and instants, by the C library's time zone data.
#pragma once

#include <cstdint>
#include <string>

namespace bourse::cli {

// A named zone (America/New_York) or a fixed offset (+08:00). Sets the process's TZ: one at a time, before threads.
class TimeZone {
public:
    // Errors: invalid_argument for a name that the machine does not know.
    explicit TimeZone(const std::string& name);

    std::int64_t to_instant(std::int64_t local_us) const;  // a clock that was set back: the first of the two
    std::int64_t to_local(std::int64_t instant_us) const;

private:
    bool fixed_ = false;
    std::int64_t offset_us_ = 0;
};

}  // namespace bourse::cli
