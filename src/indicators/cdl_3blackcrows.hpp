// Candlestick pattern: three black crows: bearish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class Cdl3blackcrows : public Pattern<Cdl3blackcrows> {
public:
    static constexpr Info info =
        pattern_info("cdl_3blackcrows", negative, "three black crows: bearish reversal",
                     "-100: after a white bar three black ones with tiny lower shadows and falling closes, the "
                     "first below the white bar's high, the others opening in the body before",
                     "TA-Lib 0.8.1 CDL3BLACKCROWS");
    static constexpr int warm_up = 13;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.white(3) && c.black(2) && c.black(1) && c.black(0) && c.high(3) > c.close(2))) return 0;
        for (const int age : {1, 0})
            if (!(c.open(age) < c.open(age + 1) && c.open(age) > c.close(age + 1) && c.close(age) < c.close(age + 1)))
                return 0;
        return c.no_lower(2) && c.no_lower(1) && c.no_lower(0) ? -100 : 0;
    }
};

}  // namespace bourse::indicators
