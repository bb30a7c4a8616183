// Candlestick pattern: concealing baby swallow: bullish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlConcealbabyswall : public Pattern<CdlConcealbabyswall> {
public:
    static constexpr Info info =
        pattern_info("cdl_concealbabyswall", positive, "concealing baby swallow: bullish reversal",
                     "100: four black bars: two with tiny shadows; a third that opens below the second body "
                     "with an upper shadow reaching into it; a fourth that holds the whole third bar",
                     "TA-Lib 0.8.1 CDLCONCEALBABYSWALL");
    static constexpr int warm_up = 13;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.black(3) && c.black(2) && c.black(1) && c.black(0))) return 0;
        if (!(c.body_gap_down(1) && c.high(1) > c.close(2) && c.high(0) > c.high(1) && c.low(0) < c.low(1))) return 0;
        const bool bare = c.no_lower(3) && c.no_upper(3) && c.no_lower(2) && c.no_upper(2);
        return bare && c.upper(1) > c.tiny_shadow(1) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
