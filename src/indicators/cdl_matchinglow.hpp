// Candlestick pattern: matching low: bullish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlMatchinglow : public Pattern<CdlMatchinglow> {
public:
    static constexpr Info info = pattern_info("cdl_matchinglow", positive, "matching low: bullish reversal",
                                              "100: two black bars with equal closes", "TA-Lib 0.8.1 CDLMATCHINGLOW");
    static constexpr int warm_up = 6;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        return c.black(1) && c.black(0) && c.within(c.close(0), c.close(1), c.equal(1)) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
