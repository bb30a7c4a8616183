// From the time in a row to the bar's ts: the open, in UTC; for daily and longer bars the session date at 00:00 UTC.
#pragma once

#include <unordered_map>
#include <string>

#include "market/frequency.hpp"
#include "market/text_values.hpp"
#include "workers/cli/import/time_zone.hpp"

namespace bourse::cli {

class BarTimes {
public:
    // `is_close`: the file's times are the bars' closes.
    BarTimes(const TimeZone& zone, bool is_close) : zone_(zone), is_close_(is_close) {}

    std::int64_t instant(const market::ParsedTime& time) const;  // microseconds since 1970 UTC
    std::int64_t bar_ts(const market::ParsedTime& time, market::Frequency freq) const;

private:
    const TimeZone& zone_;
    bool is_close_;
};

// Finds the frequency from the distances between the times of the same symbol. Shown a few thousand rows.
class FrequencyGuess {
public:
    void see(const std::string& symbol, const market::ParsedTime& time);
    // The one whose length is the most common distance; dates alone without any distance are daily bars.
    std::optional<market::Frequency> result() const;

private:
    std::unordered_map<std::string, std::int64_t> last_;
    std::unordered_map<std::int64_t, std::int64_t> distances_;  // microseconds -> how often
    bool dates_only_ = true, any_ = false;
};

}  // namespace bourse::cli
