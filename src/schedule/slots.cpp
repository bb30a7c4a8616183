#include "schedule/slots.hpp"

#include <algorithm>
#include <limits>

namespace bourse::schedule {
namespace {

constexpr std::int64_t day_s = 86400;
// Reaches over the last change of the clock that could have shown a local time once already: none jumps by more.
constexpr std::int64_t look_back_s = 2 * day_s;
constexpr std::int64_t horizon_s = 40 * 366 * day_s;

}  // namespace

std::optional<std::int64_t> next_slot(const Cron& cron, const Zone& zone, std::int64_t after_s) {
    constexpr auto never = std::numeric_limits<std::int64_t>::max(), always = std::numeric_limits<std::int64_t>::min();
    const std::int64_t earliest = after_s + 1;
    std::int64_t from = earliest - look_back_s, offset = zone.offset_s(from);
    std::int64_t seen_until = always;      // local times before it have been shown
    while (from < earliest + horizon_s) {  // one period of constant offset a turn: [from, until)
        const auto change = zone.next_change(from);
        const std::int64_t until = change ? change->at_s : never;
        if (until > earliest) {
            std::int64_t local = std::max(from, earliest) + offset;
            if (!cron.every_hour) local = std::max(local, seen_until);
            const auto found = next_local(cron, local);
            if (!found) return std::nullopt;
            if (*found - offset < until) return *found - offset;
        }
        if (!change) return std::nullopt;
        seen_until = std::max(seen_until, until + offset);
        if (change->offset_s > offset && until >= earliest)  // local times in [until + old, until + new) do not come
            if (const auto lost = next_local(cron, until + offset); lost && *lost < until + change->offset_s)
                return until;
        from = until;
        offset = change->offset_s;
    }
    return std::nullopt;
}

}  // namespace bourse::schedule
