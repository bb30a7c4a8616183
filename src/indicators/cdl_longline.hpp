// Candlestick pattern: long line candle.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlLongline : public Pattern<CdlLongline> {
public:
    static constexpr Info info =
        pattern_info("cdl_longline", both_ways, "long line candle",
                     "+-100: a long body with short shadows; the sign is its colour", "TA-Lib 0.8.1 CDLLONGLINE");
    static constexpr int warm_up = 10;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!c.long_body(0)) return 0;
        const double few = c.short_shadow(0);
        return c.upper(0) < few && c.lower(0) < few ? 100 * c.color(0) : 0;
    }
};

}  // namespace bourse::indicators
