// The first series is above the second for some bars: 1, else 0.
#pragma once

#include "indicators/beyond.hpp"

namespace bourse::indicators {

class Above : public StaysBeyond<Above, Side::above> {
public:
    static constexpr Info info{.name = "above",
                               .family = "signals",
                               .summary = "the first series is above the second for some bars: 1, else 0",
                               .inputs = {"price0", "price1"},
                               .params = {period("timeperiod", 1)},
                               .outputs = {{"above", unit::flag, 0, 1}},
                               .formula = "1 where price0 > price1 on each of the last timeperiod bars; else 0",
                               .source = "definition"};

    using StaysBeyond::StaysBeyond;
};

}  // namespace bourse::indicators
