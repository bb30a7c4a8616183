// Candlestick pattern: hanging man: bearish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlHangingman : public Pattern<CdlHangingman> {
public:
    static constexpr Info info =
        pattern_info("cdl_hangingman", negative, "hanging man: bearish reversal",
                     "-100: a short body with a lower shadow longer than it and a tiny upper one, at or above "
                     "the high before",
                     "TA-Lib 0.8.1 CDLHANGINGMAN");
    static constexpr int warm_up = 11;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const bool shape = c.lower(0) > c.body(0) && c.short_body(0) && c.no_upper(0);
        return shape && c.bottom(0) >= c.high(1) - c.near(1) ? -100 : 0;
    }
};

}  // namespace bourse::indicators
