// Candlestick pattern: ladder bottom: bullish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlLadderbottom : public Pattern<CdlLadderbottom> {
public:
    static constexpr Info info =
        pattern_info("cdl_ladderbottom", positive, "ladder bottom: bullish reversal",
                     "100: three black bars with falling opens and closes; a black one with an upper shadow; a "
                     "white one that opens above its open and closes above its high",
                     "TA-Lib 0.8.1 CDLLADDERBOTTOM");
    static constexpr int warm_up = 14;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.black(4) && c.black(3) && c.black(2) && c.black(1) && c.white(0))) return 0;
        for (const int age : {3, 2})
            if (!(c.open(age) < c.open(age + 1) && c.close(age) < c.close(age + 1))) return 0;
        const bool breaks = c.open(0) > c.open(1) && c.close(0) > c.high(1);
        return breaks && c.upper(1) > c.tiny_shadow(1) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
