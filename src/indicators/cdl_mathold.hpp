// Candlestick pattern: mat hold: bullish continuation.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlMathold : public Pattern<CdlMathold> {
public:
    static constexpr Info info =
        pattern_info("cdl_mathold", positive, "mat hold: bullish continuation",
                     "100: a long white body; three short ones that fall, the first black and above it, the "
                     "others reaching into it less than penetration; a white bar that opens above the last "
                     "close and closes above all highs",
                     "TA-Lib 0.8.1 CDLMATHOLD", {penetration(0.5)});
    static constexpr int warm_up = 14;

    using Pattern::Pattern;

    static int judge(const Candles& c, double penetration) noexcept {
        if (!(c.white(4) && c.black(3) && c.white(0) && c.body_gap_up(3))) return 0;
        const double floor = c.close(4) - c.body(4) * penetration;
        for (const int age : {2, 1})
            if (!(c.bottom(age) < c.close(4) && c.bottom(age) > floor)) return 0;
        if (!(c.top(2) < c.open(3) && c.top(1) < c.top(2))) return 0;
        if (!(c.open(0) > c.close(1) && c.close(0) > std::max({c.high(3), c.high(2), c.high(1)}))) return 0;
        return c.long_body(4) && c.short_body(3) && c.short_body(2) && c.short_body(1) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
