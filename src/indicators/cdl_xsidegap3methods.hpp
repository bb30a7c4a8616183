// Candlestick pattern: upside or downside gap three methods: continuation.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlXsidegap3methods : public Pattern<CdlXsidegap3methods> {
public:
    static constexpr Info info =
        pattern_info("cdl_xsidegap3methods", both_ways, "upside or downside gap three methods: continuation",
                     "+-100: two bars of one colour with a gap in their direction; one of the other colour "
                     "that opens in the second body and closes in the first; the sign is the direction of the "
                     "gap",
                     "TA-Lib 0.8.1 CDLXSIDEGAP3METHODS");
    static constexpr int warm_up = 2;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const int side = c.color(1);
        if (!(c.color(2) == side && c.color(0) == -side && (side > 0 ? c.body_gap_up(1) : c.body_gap_down(1))))
            return 0;
        const bool opens = c.open(0) < c.top(1) && c.open(0) > c.bottom(1);
        const bool closes = c.close(0) < c.top(2) && c.close(0) > c.bottom(2);
        return opens && closes ? 100 * side : 0;
    }
};

}  // namespace bourse::indicators
