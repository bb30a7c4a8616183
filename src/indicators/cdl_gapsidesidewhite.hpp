// Candlestick pattern: gap side by side white lines: continuation.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlGapsidesidewhite : public Pattern<CdlGapsidesidewhite> {
public:
    static constexpr Info info =
        pattern_info("cdl_gapsidesidewhite", both_ways, "gap side by side white lines: continuation",
                     "+-100: beyond a gap two white bars of near the same body with equal opens; the sign is "
                     "the direction of the gap",
                     "TA-Lib 0.8.1 CDLGAPSIDESIDEWHITE");
    static constexpr int warm_up = 7;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.white(1) && c.white(0))) return 0;
        const bool up = c.body_gap_up(1) && c.body_above(0, 2), down = c.body_gap_down(1) && c.body_above(2, 0);
        if (!(up || down)) return 0;
        if (!(c.within(c.body(0), c.body(1), c.near(1)) && c.within(c.open(0), c.open(1), c.equal(1)))) return 0;
        return up ? 100 : -100;
    }
};

}  // namespace bourse::indicators
