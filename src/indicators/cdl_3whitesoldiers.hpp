// Candlestick pattern: three white soldiers: bullish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class Cdl3whitesoldiers : public Pattern<Cdl3whitesoldiers> {
public:
    static constexpr Info info =
        pattern_info("cdl_3whitesoldiers", positive, "three white soldiers: bullish reversal",
                     "100: three white bars with tiny upper shadows and rising closes, each opening in or near "
                     "the body before, none far shorter than the one before, the last not short",
                     "TA-Lib 0.8.1 CDL3WHITESOLDIERS");
    static constexpr int warm_up = 12;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.white(2) && c.white(1) && c.white(0) && c.close(0) > c.close(1) && c.close(1) > c.close(2))) return 0;
        if (!(c.opens_in_white_body(1) && c.opens_in_white_body(0))) return 0;
        if (!(c.no_upper(2) && c.no_upper(1) && c.no_upper(0))) return 0;
        const bool strong = c.body(1) > c.body(2) - c.far(2) && c.body(0) > c.body(1) - c.far(1);
        return strong && c.body(0) > c.usual_body(0) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
