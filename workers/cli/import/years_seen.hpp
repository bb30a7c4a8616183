// The years of the bars below a day, for the partitions that they need.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <set>
#include <utility>

#include "market/frequency.hpp"

namespace bourse::cli {

class YearsSeen {
public:
    using Year = std::pair<market::Frequency, int>;

    // `ts`: microseconds since 1970. Cheap while the year stays the same.
    void note(market::Frequency freq, std::int64_t ts) {
        if (freq >= market::Frequency::d1 || (freq == freq_ && ts >= from_ && ts < to_)) return;
        const auto year = std::chrono::year_month_day{
            std::chrono::floor<std::chrono::days>(
                std::chrono::sys_time<std::chrono::microseconds>{std::chrono::microseconds{
                    ts}})}.year();
        years_.emplace(freq, static_cast<int>(year));
        const auto start = [](std::chrono::year y) {
            return std::chrono::sys_days{y / 1 / 1}.time_since_epoch().count() * 86'400'000'000;
        };
        freq_ = freq;
        from_ = start(year);
        to_ = start(year + std::chrono::years{1});
    }
    const std::set<Year>& years() const noexcept { return years_; }

private:
    std::set<Year> years_;
    market::Frequency freq_ = market::Frequency::d1;
    std::int64_t from_ = std::numeric_limits<std::int64_t>::max(), to_ = std::numeric_limits<std::int64_t>::min();
};

}  // namespace bourse::cli
