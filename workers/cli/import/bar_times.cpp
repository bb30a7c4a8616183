#include "workers/cli/import/bar_times.hpp"

#include <cstdlib>

namespace bourse::cli {
namespace {

constexpr std::int64_t second = 1'000'000, day = 86'400 * second;

std::int64_t floor_day(std::int64_t us) { return us - ((us % day) + day) % day; }

// Exchanges write the close of a bar as its last millisecond: 12:59:59.999.
std::int64_t round_up_last_instant(std::int64_t us) {
    const std::int64_t rest = ((us % second) + second) % second;
    return rest >= 999'000 ? us + (second - rest) : us;
}

}  // namespace

std::int64_t BarTimes::instant(const market::ParsedTime& time) const {
    return time.zoned ? time.us : zone_.to_instant(time.us);
}

std::int64_t BarTimes::bar_ts(const market::ParsedTime& time, market::Frequency freq) const {
    if (freq < market::Frequency::d1) {
        const std::int64_t at = instant(time);
        return is_close_ ? market::open_of(freq, round_up_last_instant(at)) : at;
    }
    if (time.date_only) return time.us;  // a label: the session's date
    const std::int64_t local = time.zoned ? zone_.to_local(time.us) : time.us;
    if (!is_close_) return local % day == 0 ? local : instant(time);  // a time of day is for the rules to judge
    const std::int64_t close = round_up_last_instant(local);
    if (freq == market::Frequency::d1) return floor_day(close - 1);  // a close at midnight belongs to the day before
    return close % day == 0 ? market::open_of(freq, close) : instant(time);
}

void FrequencyGuess::see(const std::string& symbol, const market::ParsedTime& time) {
    any_ = true;
    if (!time.date_only && ((time.us % day) + day) % day != 0) dates_only_ = false;
    const auto [entry, fresh] = last_.try_emplace(symbol, time.us);
    if (!fresh && entry->second != time.us) ++distances_[std::llabs(time.us - entry->second)];
    entry->second = time.us;
}

std::optional<market::Frequency> FrequencyGuess::result() const {
    if (distances_.empty()) return any_ && dates_only_ ? std::optional(market::Frequency::d1) : std::nullopt;
    std::int64_t distance = 0, most = 0;
    for (const auto& [us, count] : distances_)
        if (count > most || (count == most && us < distance)) {
            distance = us;
            most = count;
        }
    for (std::size_t i = 0; i < market::frequency_names.size(); ++i) {
        const auto freq = static_cast<market::Frequency>(i);
        if (freq != market::Frequency::mo1 && market::step_us(freq) == distance) return freq;
    }
    if (distance >= 28 * day && distance <= 31 * day) return market::Frequency::mo1;
    if (dates_only_ && distance > day && distance < 7 * day)
        return market::Frequency::d1;  // few days, a weekend between
    return std::nullopt;
}

}  // namespace bourse::cli
