// Candlestick pattern: three stars in the south: bullish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class Cdl3starsinsouth : public Pattern<Cdl3starsinsouth> {
public:
    static constexpr Info info =
        pattern_info("cdl_3starsinsouth", positive, "three stars in the south: bullish reversal",
                     "100: three black bars: a long body with a lower shadow longer than the body; a smaller "
                     "one that opens within the first bar, above its close, and makes a higher low with a "
                     "lower shadow; a small marubozu inside the second bar",
                     "TA-Lib 0.8.1 CDL3STARSINSOUTH");
    static constexpr int warm_up = 12;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.black(2) && c.black(1) && c.black(0))) return 0;
        const bool second = c.body(1) < c.body(2) && c.open(1) > c.close(2) && c.open(1) <= c.high(2) &&
                            c.low(1) < c.close(2) && c.low(1) >= c.low(2);
        if (!(second && c.lower(2) > c.body(2) && c.low(0) > c.low(1) && c.high(0) < c.high(1))) return 0;
        const bool last = c.short_body(0) && c.no_lower(0) && c.no_upper(0);
        return last && c.long_body(2) && c.lower(1) > c.tiny_shadow(1) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
