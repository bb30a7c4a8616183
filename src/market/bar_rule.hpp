// The rules that a row must pass to become a bar. The one place of them: the server calls this for every load.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace bourse::market {

struct Number {
    double value = 0;
    bool present = false;
};

constexpr std::int64_t time_minus_infinity = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t time_infinity = std::numeric_limits<std::int64_t>::max();

struct RawBar {
    std::string_view symbol;         // trimmed; empty: missing
    std::string_view freq;           // normalised; empty: it was none
    std::optional<std::int64_t> ts;  // open of the bar, microseconds since 1970 UTC
    Number open, high, low, close;   // price in the traded currency
    Number volume, amount;           // missing or NaN: not known, which is allowed
    Number adj_factor;               // missing: 1
    std::optional<std::int64_t> known_at;
    std::optional<bool> on_session_grid;  // decides the grid where the sessions of a calendar are loaded
};

// The name of the rule that the row breaks (as in bar_reject.rule), empty when it breaks none. Rules are tried in a
// fixed order, so that a row has one rule. `now_us`: the database clock; a bar opens at or before it.
std::string_view broken_rule(const RawBar& row, std::int64_t now_us) noexcept;

}  // namespace bourse::market
