// Candlestick pattern: three outside up or down: reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class Cdl3outside : public Pattern<Cdl3outside> {
public:
    static constexpr Info info =
        pattern_info("cdl_3outside", both_ways, "three outside up or down: reversal",
                     "+-100: a body that engulfs the one of the other colour before it; a third bar that "
                     "closes further; the sign is the new direction",
                     "TA-Lib 0.8.1 CDL3OUTSIDE");
    static constexpr int warm_up = 3;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const int side = c.color(1);
        const bool engulfed =
            c.color(2) == -side && side * (c.close(1) - c.open(2)) > 0 && side * (c.open(1) - c.close(2)) < 0;
        return engulfed && side * (c.close(0) - c.close(1)) > 0 ? 100 * side : 0;
    }
};

}  // namespace bourse::indicators
