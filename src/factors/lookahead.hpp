// Whether expressions look into the future, found out on real bars: what is not closed at a time is changed, and no
// value that is known by then may move.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "factors/panel_reader.hpp"

namespace bourse::factors {

struct LookaheadSample {
    std::size_t instruments = 5;  // those with the longest history, each calendar at least once
    std::size_t rows = 300;       // the newest ones of each
    std::size_t times = 12;       // at which the future is changed
};

struct LookaheadFinding {
    bool leaks = false;
    bool has_values = false;  // some value was not missing
    std::string evidence;     // for people
};

// What was known of other series at a time (microseconds since 1970 UTC); null: nobody can tell.
using KnownSource = std::function<std::unique_ptr<MarketSource>(std::int64_t us)>;

// One finding for each expression of the plan. A series of which some values, but not all, were loaded by a time counts
// as known then only as far as it was. Without bars it goes by the plan alone.
// Errors: those of reading; bad_expression for unknown fields.
std::vector<LookaheadFinding> check_lookahead(const Plan& plan, MarketSource& source, const std::string& freq,
                                              const KnownSource& known = {}, const LookaheadSample& sample = {},
                                              const CheckInterrupts& interrupts = {});

}  // namespace bourse::factors
