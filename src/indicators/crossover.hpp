// The first series crosses above the second: 1, else 0.
#pragma once

#include "indicators/beyond.hpp"

namespace bourse::indicators {

class Crossover : public GetsBeyond<Crossover, Side::above> {
public:
    static constexpr Info info{.name = "crossover",
                               .family = "signals",
                               .summary = "the first series crosses above the second: 1, else 0",
                               .inputs = {"price0", "price1"},
                               .params = {},
                               .outputs = {{"crossover", unit::flag, 0, 1}},
                               .formula = "1 where price0 > price1 and, on the bar before, price0 <= price1; else 0",
                               .source = "definition"};

    using GetsBeyond::GetsBeyond;
};

}  // namespace bourse::indicators
