// Candlestick pattern: stalled pattern: bearish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlStalledpattern : public Pattern<CdlStalledpattern> {
public:
    static constexpr Info info =
        pattern_info("cdl_stalledpattern", negative, "stalled pattern: bearish reversal",
                     "-100: three white bars with rising closes: a long body; a long one that opens in or near "
                     "it with a tiny upper shadow; a short one that stands on the shoulder of the second",
                     "TA-Lib 0.8.1 CDLSTALLEDPATTERN");
    static constexpr int warm_up = 12;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.white(2) && c.white(1) && c.white(0) && c.close(0) > c.close(1) && c.close(1) > c.close(2))) return 0;
        if (!(c.opens_in_white_body(1) && c.long_body(2) && c.long_body(1) && c.no_upper(1))) return 0;
        return c.short_body(0) && c.open(0) >= c.close(1) - c.body(0) - c.near(1) ? -100 : 0;
    }
};

}  // namespace bourse::indicators
