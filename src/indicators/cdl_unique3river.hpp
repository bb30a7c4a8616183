// Candlestick pattern: unique three river: bullish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlUnique3river : public Pattern<CdlUnique3river> {
public:
    static constexpr Info info =
        pattern_info("cdl_unique3river", positive, "unique three river: bullish reversal",
                     "100: a long black body; a black one inside it with a lower low; a short white one that "
                     "opens above that low",
                     "TA-Lib 0.8.1 CDLUNIQUE3RIVER");
    static constexpr int warm_up = 12;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.black(2) && c.black(1) && c.white(0) && c.close(1) > c.close(2) && c.open(1) <= c.open(2))) return 0;
        return c.low(1) < c.low(2) && c.open(0) > c.low(1) && c.long_body(2) && c.short_body(0) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
