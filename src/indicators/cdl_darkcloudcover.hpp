// Candlestick pattern: dark cloud cover: bearish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlDarkcloudcover : public Pattern<CdlDarkcloudcover> {
public:
    static constexpr Info info =
        pattern_info("cdl_darkcloudcover", negative, "dark cloud cover: bearish reversal",
                     "-100: a long white body; a black one that opens above its high and closes in it, deeper "
                     "than penetration",
                     "TA-Lib 0.8.1 CDLDARKCLOUDCOVER", {penetration(0.5)});
    static constexpr int warm_up = 11;

    using Pattern::Pattern;

    static int judge(const Candles& c, double penetration) noexcept {
        const bool found = c.white(1) && c.black(0) && c.open(0) > c.high(1) && c.close(0) > c.open(1) &&
                           c.close(0) < c.close(1) - c.body(1) * penetration && c.long_body(1);
        return found ? -100 : 0;
    }
};

}  // namespace bourse::indicators
