// A market as awkward as real ones, and what the rules of docs/reference/expressions.md say about its rows: written
// down plainly here, without the code of src/factors.
#pragma once

#include "factors/memory_source.hpp"

namespace bourse::factors::reference {

using test::missing;

// One instrument's rows on its calendar, from its first to its last bar.
struct Rows {
    std::int32_t id = 0;
    std::string symbol, calendar;
    std::vector<std::int64_t> ts, available;
    std::vector<bool> has_bar;
    std::map<std::string, std::vector<double>> fields;

    std::size_t size() const { return ts.size(); }
    // -1: no such row
    std::ptrdiff_t at(std::int64_t when) const;
};

// A calendar at one frequency: its positions and when the bar of each is known.
struct Grid {
    std::map<std::int64_t, std::int64_t> close;  // by position
    bool sessions = false;
};

struct Market {
    test::MemorySource source;
    std::vector<Rows> daily;            // in order of id
    std::map<std::string, Grid> grids;  // of 1d, by calendar

    bool is_member(const std::string& universe, std::int32_t id, std::int64_t ts);
    // Bars of a longer frequency (1w, 1mo), made of the daily ones that count.
    Rows longer(const Rows& days, const std::string& freq) const;
    Grid longer_grid(const std::string& calendar, const std::string& freq) const;
};

inline const std::vector<std::string>& stored_fields() {
    static const std::vector<std::string> names{"open",   "high", "low",    "close",  "volume",
                                                "amount", "vwap", "factor", "change", "noise",
                                                "ties",   "wild", "level",  "tiny",   "flat"};
    return names;
}

// Start and end of the week (from its Monday) or month that holds a time.
std::pair<std::int64_t, std::int64_t> period_of(std::int64_t ts, const std::string& freq);

// Eight instruments on four calendars, up to `rows` days: prices from 1e-8 to 1e5, ties, constant stretches, gaps,
// suspended days, splits, late listings, one with a single bar; six series of bar_field, one with infinities.
Market random_market(std::mt19937_64& random, int rows);

}  // namespace bourse::factors::reference
