// Candlestick pattern: hammer: bullish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlHammer : public Pattern<CdlHammer> {
public:
    static constexpr Info info =
        pattern_info("cdl_hammer", positive, "hammer: bullish reversal",
                     "100: a short body with a lower shadow longer than it and a tiny upper one, at or below "
                     "the low before",
                     "TA-Lib 0.8.1 CDLHAMMER");
    static constexpr int warm_up = 11;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const bool shape = c.lower(0) > c.body(0) && c.short_body(0) && c.no_upper(0);
        return shape && c.bottom(0) <= c.low(1) + c.near(1) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
