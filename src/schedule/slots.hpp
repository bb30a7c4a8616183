// The instants of a cron expression in a time zone.
#pragma once

#include <cstdint>
#include <optional>

#include "schedule/cron.hpp"

namespace bourse::schedule {

// Offsets of a time zone, east positive; times in seconds since 1970 UTC.
class Zone {
public:
    struct Change {
        std::int64_t at_s;
        std::int64_t offset_s;  // from at_s on
    };
    virtual ~Zone() = default;
    virtual std::int64_t offset_s(std::int64_t utc_s) const = 0;
    // The first change after `utc_s`; empty when there is none.
    virtual std::optional<Change> next_change(std::int64_t utc_s) const = 0;
};

// The first slot after `after_s`; empty when there is none within 40 years. Every local time of the expression is one
// slot. One that the clock jumps over is due at the jump, together with whatever is due then. One that comes twice is
// due the first time only, unless the hour field starts with *: such a schedule follows elapsed time and goes on in the
// hour that is repeated (cronie does so too).
std::optional<std::int64_t> next_slot(const Cron& cron, const Zone& zone, std::int64_t after_s);

}  // namespace bourse::schedule
