// Candlestick pattern: rising and falling three methods: continuation.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlRisefall3methods : public Pattern<CdlRisefall3methods> {
public:
    static constexpr Info info =
        pattern_info("cdl_risefall3methods", both_ways, "rising and falling three methods: continuation",
                     "+-100: a long body; three short ones of the other colour whose bodies reach into the "
                     "first bar and whose closes go against it; a long one of the first colour that opens "
                     "beyond the last close and closes beyond the first; the sign is the first colour",
                     "TA-Lib 0.8.1 CDLRISEFALL3METHODS");
    static constexpr int warm_up = 14;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const int side = c.color(4);
        if (!(c.color(3) == -side && c.color(2) == -side && c.color(1) == -side && c.color(0) == side)) return 0;
        for (const int age : {3, 2, 1})
            if (!(c.bottom(age) < c.high(4) && c.top(age) > c.low(4))) return 0;
        if (!(side * (c.close(2) - c.close(3)) < 0 && side * (c.close(1) - c.close(2)) < 0)) return 0;
        if (!(side * (c.open(0) - c.close(1)) > 0 && side * (c.close(0) - c.close(4)) > 0)) return 0;
        const bool bodies = c.long_body(4) && c.short_body(3) && c.short_body(2) && c.short_body(1) && c.long_body(0);
        return bodies ? 100 * side : 0;
    }
};

}  // namespace bourse::indicators
