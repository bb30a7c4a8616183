// Candlestick pattern: advance block: bearish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlAdvanceblock : public Pattern<CdlAdvanceblock> {
public:
    static constexpr Info info =
        pattern_info("cdl_advanceblock", negative, "advance block: bearish reversal",
                     "-100: three white bars with rising closes, each opening in or near the body before, the "
                     "first long with a short upper shadow, the next ones weaker: far smaller bodies or long "
                     "upper shadows",
                     "TA-Lib 0.8.1 CDLADVANCEBLOCK");
    static constexpr int warm_up = 12;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.white(2) && c.white(1) && c.white(0) && c.close(0) > c.close(1) && c.close(1) > c.close(2))) return 0;
        if (!(c.opens_in_white_body(1) && c.opens_in_white_body(0))) return 0;
        if (!(c.long_body(2) && c.upper(2) < c.short_shadow(2))) return 0;
        const bool second_weak = c.body(1) < c.body(2) - c.far(2) && c.body(0) < c.body(1) + c.near(1);
        const bool third_weak = c.body(0) < c.body(1) - c.far(1);
        const bool shadowed = c.body(0) < c.body(1) && c.body(1) < c.body(2) &&
                              (c.upper(0) > c.short_shadow(0) || c.upper(1) > c.short_shadow(1));
        const bool third_shadowed = c.body(0) < c.body(1) && c.upper(0) > c.body(0);
        return second_weak || third_weak || shadowed || third_shadowed ? -100 : 0;
    }
};

}  // namespace bourse::indicators
