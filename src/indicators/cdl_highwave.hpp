// Candlestick pattern: high wave candle.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlHighwave : public Pattern<CdlHighwave> {
public:
    static constexpr Info info =
        pattern_info("cdl_highwave", both_ways, "high wave candle",
                     "+-100: a short body with both shadows longer than twice the body; the sign is its colour",
                     "TA-Lib 0.8.1 CDLHIGHWAVE");
    static constexpr int warm_up = 10;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const bool waves = c.upper(0) > 2 * c.body(0) && c.lower(0) > 2 * c.body(0);
        return waves && c.short_body(0) ? 100 * c.color(0) : 0;
    }
};

}  // namespace bourse::indicators
