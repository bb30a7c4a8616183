// The positions at which an instrument has rows, and when the bar of each is known.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "factors/frequency.hpp"

namespace bourse::factors {

// One session of bourse.calendar; times in microseconds since 1970 UTC.
struct Session {
    std::int64_t date_us;  // its date at 00:00 UTC
    std::int64_t open_us;
    std::int64_t close_us;
    std::int64_t break_start_us = 0;  // both 0: no break
    std::int64_t break_end_us = 0;
};

// Positions of the instruments that share a calendar. Where sessions are loaded their grid counts, before and after
// them the union of the times at which any such instrument has a bar; 24x7 counts every step of the frequency.
class Calendar {
public:
    // `times`: the union, ascending. `name` empty: instruments without a calendar.
    Calendar(std::string name, const Frequency& frequency, std::span<const Session> sessions,
             std::span<const std::int64_t> times);

    const std::string& name() const noexcept { return name_; }
    bool around_the_clock() const noexcept { return name_ == "24x7"; }
    // Suspended sessions are told from bars only where there are sessions.
    bool has_sessions() const noexcept { return !name_.empty() && !around_the_clock(); }

    // Sessions are loaded for this time, and it is none of their positions.
    bool is_holiday(std::int64_t ts_us) const;

    bool sessions_loaded() const noexcept { return sessions_loaded_; }

    // Positions in [from, to], ascending.
    std::vector<std::int64_t> positions(std::int64_t from_us, std::int64_t to_us) const;
    // The position `count` before / after the first position at or after `ts`; the earliest / latest when there are
    // fewer.
    std::int64_t before(std::int64_t ts_us, std::size_t count) const;
    std::int64_t after(std::int64_t ts_us, std::size_t count) const;
    // When the bar at ts is known: the close of its session, where no session is loaded ts plus one step.
    std::int64_t close(std::int64_t ts_us) const;
    std::vector<std::int64_t> closes(std::span<const std::int64_t> ascending) const;

    // The position whose bar holds a shorter bar that starts at ts and is known at `close`: the first one that closes
    // no earlier. Past the last listed one: the grid's.
    std::int64_t position_holding(std::int64_t ts_us, std::int64_t close_us) const;

    // The session that a row at ts belongs to, as days since 1970, and the trading minutes since its open, breaks left
    // out. Where none is loaded, and for bars of a day and longer: UTC's day, and its minutes (0 for the longer ones).
    struct Clock {
        std::int64_t day, minute;
    };
    Clock clock(std::int64_t ts_us) const;

    // How many positions after this one are closed at a time; 24x7: at most 3 are counted.
    std::size_t closed_after(std::int64_t ts_us, std::int64_t until_us) const;

    // Positions that are listed (none for 24x7): what a refresh compares with the time before.
    std::span<const std::int64_t> listed() const noexcept { return positions_; }

private:
    std::string name_;
    Frequency frequency_;
    bool sessions_loaded_;
    std::int64_t first_session_us_ = 0, last_session_us_ = -1;  // positions
    std::vector<std::int64_t> positions_;
    std::vector<std::int64_t> closes_;
    std::vector<Session> sessions_;  // of bars within a day
};

}  // namespace bourse::factors
