// Lowest price since a condition was last true, that bar included.
#pragma once

#include "indicators/extreme_since.hpp"

namespace bourse::indicators {

class LowestSince : public ExtremeSince<LowestSince, Lowest> {
public:
    static constexpr Info info{.name = "lowest_since",
                               .family = "signals",
                               .summary = "lowest price since a condition was last true, that bar included",
                               .inputs = {"price", "condition"},
                               .params = {},
                               .outputs = {{"lowest_since", unit::price}},
                               .formula = "the lowest price from the last bar whose condition is not 0 on",
                               .source = "definition",
                               .undefined = "before the condition is true for the first time"};

    using ExtremeSince::ExtremeSince;
};

}  // namespace bourse::indicators
