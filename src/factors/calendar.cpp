#include "factors/calendar.hpp"

#include <algorithm>
#include <map>

namespace bourse::factors {
namespace {

constexpr std::int64_t day_us = 86'400'000'000, minute_us = 60'000'000;

using Positions = std::map<std::int64_t, std::int64_t>;  // position -> close

// Steps from `start` on; the last bar ends with the part, or with the session when the bar crosses the break.
void steps(const Frequency& f, std::int64_t start, std::int64_t end, Positions& into) {
    for (std::int64_t ts = start; ts < end; ts += f.step_us) into[ts] = std::min(ts + f.step_us, end);
}

void add_session(const Frequency& f, const Session& s, Positions& into) {
    if (f.within_day()) {
        if (s.break_end_us == 0) {
            steps(f, s.open_us, s.close_us, into);
        } else {
            for (std::int64_t ts = s.open_us; ts < s.break_start_us; ts += f.step_us) {
                // a bar that reaches into the break may go on after it, as where bars count trading minutes: late is
                // safe
                const std::int64_t end = ts + f.step_us;
                into[ts] =
                    std::min(end > s.break_start_us ? end + (s.break_end_us - s.break_start_us) : end, s.close_us);
            }
            steps(f, s.break_end_us, s.close_us, into);
        }
        return;
    }
    std::int64_t& close = into.try_emplace(f.floor(s.date_us), s.close_us).first->second;
    close = std::max(close, s.close_us);
}

}  // namespace

Calendar::Calendar(std::string name, const Frequency& frequency, std::span<const Session> sessions,
                   std::span<const std::int64_t> times)
    : name_(std::move(name)), frequency_(frequency), sessions_loaded_(!sessions.empty()) {
    if (around_the_clock()) return;
    if (frequency_.within_day()) sessions_.assign(sessions.begin(), sessions.end());
    Positions all;
    for (const auto& session : sessions) add_session(frequency_, session, all);
    // More sessions of the last week or month may still be loaded: until its end it is in progress.
    if (!all.empty() && !frequency_.within_day() &&
        frequency_.end(all.rbegin()->first) > sessions.back().date_us + day_us)
        all.rbegin()->second = std::max(all.rbegin()->second, frequency_.end(all.rbegin()->first));
    if (!all.empty()) first_session_us_ = all.begin()->first, last_session_us_ = all.rbegin()->first;
    const std::int64_t first = all.empty() ? INT64_MAX : all.begin()->first,
                       last = all.empty() ? INT64_MAX : all.rbegin()->first;
    for (const std::int64_t ts : times)
        if (ts < first || ts > last) all.try_emplace(ts, frequency_.end(ts));
    for (const auto& [ts, close] : all) {
        positions_.push_back(ts);
        closes_.push_back(close);
    }
}

std::vector<std::int64_t> Calendar::positions(std::int64_t from_us, std::int64_t to_us) const {
    std::vector<std::int64_t> result;
    if (around_the_clock()) {
        std::int64_t ts = frequency_.floor(from_us);
        if (ts < from_us) ts = frequency_.end(ts);
        for (; ts <= to_us; ts = frequency_.end(ts)) result.push_back(ts);
        return result;
    }
    const auto from = std::lower_bound(positions_.begin(), positions_.end(), from_us);
    const auto to = std::upper_bound(positions_.begin(), positions_.end(), to_us);
    if (from < to) result.assign(from, to);
    return result;
}

std::int64_t Calendar::before(std::int64_t ts_us, std::size_t count) const {
    if (around_the_clock()) return frequency_.floor(ts_us) - static_cast<std::int64_t>(count) * frequency_.step_us;
    const auto at =
        static_cast<std::size_t>(std::lower_bound(positions_.begin(), positions_.end(), ts_us) - positions_.begin());
    if (positions_.empty() || count == 0) return ts_us;  // which may be behind the last one
    return at > count ? std::min(ts_us, positions_[at - count]) : std::min(ts_us, positions_.front());
}

std::int64_t Calendar::after(std::int64_t ts_us, std::size_t count) const {
    if (around_the_clock()) return frequency_.floor(ts_us) + static_cast<std::int64_t>(count + 1) * frequency_.step_us;
    const auto at =
        static_cast<std::size_t>(std::lower_bound(positions_.begin(), positions_.end(), ts_us) - positions_.begin());
    if (positions_.empty()) return ts_us;
    return std::max(ts_us, at + count < positions_.size() ? positions_[at + count] : positions_.back());
}

std::int64_t Calendar::close(std::int64_t ts_us) const {
    const auto at = std::lower_bound(positions_.begin(), positions_.end(), ts_us);
    if (at == positions_.end() || *at != ts_us) return frequency_.end(ts_us);
    return closes_[static_cast<std::size_t>(at - positions_.begin())];
}

std::vector<std::int64_t> Calendar::closes(std::span<const std::int64_t> ascending) const {
    std::vector<std::int64_t> result;
    auto at = ascending.empty() ? positions_.begin()
                                : std::lower_bound(positions_.begin(), positions_.end(), ascending.front());
    const auto count = static_cast<std::ptrdiff_t>(ascending.size());
    if (positions_.end() - at >= count && std::equal(ascending.begin(), ascending.end(), at)) {  // all are listed
        const auto from = closes_.begin() + (at - positions_.begin());
        result.assign(from, from + count);
        return result;
    }
    result.reserve(ascending.size());
    for (const std::int64_t ts : ascending) {
        while (at != positions_.end() && *at < ts) ++at;
        const bool listed = at != positions_.end() && *at == ts;
        result.push_back(listed ? closes_[static_cast<std::size_t>(at - positions_.begin())] : frequency_.end(ts));
    }
    return result;
}

Calendar::Clock Calendar::clock(std::int64_t ts_us) const {
    const auto after = std::upper_bound(sessions_.begin(), sessions_.end(), ts_us,
                                        [](std::int64_t ts, const Session& s) { return ts < s.open_us; });
    if (after != sessions_.begin() && ts_us < std::prev(after)->close_us) {
        const Session& session = *std::prev(after);
        // In the break no minute passes.
        const std::int64_t rest =
            std::clamp(ts_us, session.break_start_us, session.break_end_us) - session.break_start_us;
        return {session.date_us / day_us, (ts_us - session.open_us - rest) / minute_us};
    }
    const std::int64_t day = ts_us / day_us - (ts_us % day_us < 0);
    return {day, frequency_.within_day() ? (ts_us - day * day_us) / minute_us : 0};
}

bool Calendar::is_holiday(std::int64_t ts_us) const {
    return ts_us >= first_session_us_ && ts_us <= last_session_us_ &&
           !std::binary_search(positions_.begin(), positions_.end(), ts_us);
}

std::int64_t Calendar::position_holding(std::int64_t ts_us, std::int64_t close_us) const {
    const auto at = std::lower_bound(closes_.begin(), closes_.end(), close_us);
    if (around_the_clock() || at == closes_.end()) return frequency_.floor(ts_us);
    return positions_[static_cast<std::size_t>(at - closes_.begin())];
}

std::size_t Calendar::closed_after(std::int64_t ts_us, std::int64_t until_us) const {
    if (around_the_clock()) {
        std::size_t count = 0;
        for (auto end = frequency_.end(frequency_.end(ts_us)); count < 3 && end <= until_us; end = frequency_.end(end))
            ++count;
        return count;
    }
    const auto after = std::upper_bound(positions_.begin(), positions_.end(), ts_us) - positions_.begin();
    const auto closed = std::upper_bound(closes_.begin(), closes_.end(), until_us) - closes_.begin();
    return static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, closed - after));
}

}  // namespace bourse::factors
