// Candlestick pattern: short line candle.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlShortline : public Pattern<CdlShortline> {
public:
    static constexpr Info info =
        pattern_info("cdl_shortline", both_ways, "short line candle",
                     "+-100: a short body with short shadows; the sign is its colour", "TA-Lib 0.8.1 CDLSHORTLINE");
    static constexpr int warm_up = 10;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!c.short_body(0)) return 0;
        const double few = c.short_shadow(0);
        return c.upper(0) < few && c.lower(0) < few ? 100 * c.color(0) : 0;
    }
};

}  // namespace bourse::indicators
