// Candlestick pattern: stick sandwich: bullish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlSticksandwich : public Pattern<CdlSticksandwich> {
public:
    static constexpr Info info =
        pattern_info("cdl_sticksandwich", positive, "stick sandwich: bullish reversal",
                     "100: a black bar; a white one that stays above its close; a black one with the first "
                     "close",
                     "TA-Lib 0.8.1 CDLSTICKSANDWICH");
    static constexpr int warm_up = 7;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.black(2) && c.white(1) && c.black(0) && c.low(1) > c.close(2))) return 0;
        return c.within(c.close(0), c.close(2), c.equal(2)) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
