// Candlestick pattern: piercing line: bullish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlPiercing : public Pattern<CdlPiercing> {
public:
    static constexpr Info info =
        pattern_info("cdl_piercing", positive, "piercing line: bullish reversal",
                     "100: a long black body; a long white one that opens below its low and closes in its "
                     "upper half",
                     "TA-Lib 0.8.1 CDLPIERCING");
    static constexpr int warm_up = 11;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.black(1) && c.white(0) && c.open(0) < c.low(1) && c.close(0) < c.open(1))) return 0;
        return c.close(0) > c.close(1) + c.body(1) * 0.5 && c.long_body(1) && c.long_body(0) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
