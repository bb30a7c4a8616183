// Candlestick pattern: harami: reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlHarami : public Pattern<CdlHarami> {
public:
    static constexpr Info info =
        pattern_info("cdl_harami", both_ways, "harami: reversal",
                     "+-100: a long body; a small one inside it, +-80 where one end of the two is the same; "
                     "the sign is against the first colour",
                     "TA-Lib 0.8.1 CDLHARAMI");
    static constexpr int warm_up = 11;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.top(0) <= c.top(1) && c.bottom(0) >= c.bottom(1) && c.long_body(1) && c.small_body(0))) return 0;
        return (c.top(0) < c.top(1) && c.bottom(0) > c.bottom(1) ? -100 : -80) * c.color(1);
    }
};

}  // namespace bourse::indicators
