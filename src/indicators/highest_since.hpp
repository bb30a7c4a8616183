// Highest price since a condition was last true, that bar included.
#pragma once

#include "indicators/extreme_since.hpp"

namespace bourse::indicators {

class HighestSince : public ExtremeSince<HighestSince, Highest> {
public:
    static constexpr Info info{.name = "highest_since",
                               .family = "signals",
                               .summary = "highest price since a condition was last true, that bar included",
                               .inputs = {"price", "condition"},
                               .params = {},
                               .outputs = {{"highest_since", unit::price}},
                               .formula = "the highest price from the last bar whose condition is not 0 on",
                               .source = "definition",
                               .undefined = "before the condition is true for the first time"};

    using ExtremeSince::ExtremeSince;
};

}  // namespace bourse::indicators
