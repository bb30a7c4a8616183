// The first series is below the second for some bars: 1, else 0.
#pragma once

#include "indicators/beyond.hpp"

namespace bourse::indicators {

class Below : public StaysBeyond<Below, Side::below> {
public:
    static constexpr Info info{.name = "below",
                               .family = "signals",
                               .summary = "the first series is below the second for some bars: 1, else 0",
                               .inputs = {"price0", "price1"},
                               .params = {period("timeperiod", 1)},
                               .outputs = {{"below", unit::flag, 0, 1}},
                               .formula = "1 where price0 < price1 on each of the last timeperiod bars; else 0",
                               .source = "definition"};

    using StaysBeyond::StaysBeyond;
};

}  // namespace bourse::indicators
