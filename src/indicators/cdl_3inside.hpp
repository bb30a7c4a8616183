// Candlestick pattern: three inside up or down: reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class Cdl3inside : public Pattern<Cdl3inside> {
public:
    static constexpr Info info =
        pattern_info("cdl_3inside", both_ways, "three inside up or down: reversal",
                     "+-100: a long body; a small one inside it; a bar of the other colour than the first that "
                     "closes beyond the first open; the sign is the new direction",
                     "TA-Lib 0.8.1 CDL3INSIDE");
    static constexpr int warm_up = 12;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.top(1) < c.top(2) && c.bottom(1) > c.bottom(2) && c.color(0) == -c.color(2))) return 0;
        if (!(c.white(2) ? c.close(0) < c.open(2) : c.close(0) > c.open(2))) return 0;
        return c.long_body(2) && c.small_body(1) ? -100 * c.color(2) : 0;
    }
};

}  // namespace bourse::indicators
