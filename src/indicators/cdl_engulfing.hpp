// Candlestick pattern: engulfing pattern: reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlEngulfing : public Pattern<CdlEngulfing> {
public:
    static constexpr Info info =
        pattern_info("cdl_engulfing", both_ways, "engulfing pattern: reversal",
                     "+-100: a body that holds the body of the other colour before it, +-80 where one end of "
                     "the two is the same; the sign is the colour of the second",
                     "TA-Lib 0.8.1 CDLENGULFING");
    static constexpr int warm_up = 2;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (c.color(1) == c.color(0)) return 0;
        const bool holds =
            c.top(0) >= c.top(1) && c.bottom(0) <= c.bottom(1) && (c.top(0) > c.top(1) || c.bottom(0) < c.bottom(1));
        if (!holds) return 0;
        return (c.open(0) != c.close(1) && c.close(0) != c.open(1) ? 100 : 80) * c.color(0);
    }
};

}  // namespace bourse::indicators
