// Candlestick pattern: breakaway: reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlBreakaway : public Pattern<CdlBreakaway> {
public:
    static constexpr Info info =
        pattern_info("cdl_breakaway", both_ways, "breakaway: reversal",
                     "+-100: a long body; a second of its colour beyond a gap; two bars whose highs and lows "
                     "go on, the later one of that colour; a fifth of the other colour that closes inside the "
                     "gap; the sign is the new direction",
                     "TA-Lib 0.8.1 CDLBREAKAWAY");
    static constexpr int warm_up = 14;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const int side = c.color(4);
        if (!(c.color(3) == side && c.color(1) == side && c.color(0) == -side)) return 0;
        if (!(side > 0 ? c.body_gap_up(3) : c.body_gap_down(3))) return 0;
        for (const int age : {2, 1})
            if (!(side * (c.high(age) - c.high(age + 1)) > 0 && side * (c.low(age) - c.low(age + 1)) > 0)) return 0;
        const bool in_gap = side * (c.close(0) - c.open(3)) < 0 && side * (c.close(0) - c.close(4)) > 0;
        return in_gap && c.long_body(4) ? -100 * side : 0;
    }
};

}  // namespace bourse::indicators
