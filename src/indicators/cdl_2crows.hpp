// Candlestick pattern: two crows: bearish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class Cdl2crows : public Pattern<Cdl2crows> {
public:
    static constexpr Info info =
        pattern_info("cdl_2crows", negative, "two crows: bearish reversal",
                     "-100: a long white bar; a black one whose body lies above it; a black one that opens in "
                     "the second body and closes in the first",
                     "TA-Lib 0.8.1 CDL2CROWS");
    static constexpr int warm_up = 12;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const bool found = c.white(2) && c.black(1) && c.black(0) && c.body_gap_up(1) && c.open(0) < c.open(1) &&
                           c.open(0) > c.close(1) && c.close(0) > c.open(2) && c.close(0) < c.close(2) &&
                           c.long_body(2);
        return found ? -100 : 0;
    }
};

}  // namespace bourse::indicators
