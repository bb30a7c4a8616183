// Candlestick pattern: upside gap two crows: bearish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlUpsidegap2crows : public Pattern<CdlUpsidegap2crows> {
public:
    static constexpr Info info =
        pattern_info("cdl_upsidegap2crows", negative, "upside gap two crows: bearish reversal",
                     "-100: a long white body; a small black one above it; a black one that holds the second "
                     "and closes above the first",
                     "TA-Lib 0.8.1 CDLUPSIDEGAP2CROWS");
    static constexpr int warm_up = 12;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.white(2) && c.black(1) && c.black(0) && c.body_gap_up(1))) return 0;
        const bool holds = c.open(0) > c.open(1) && c.close(0) < c.close(1) && c.close(0) > c.close(2);
        return holds && c.long_body(2) && c.small_body(1) ? -100 : 0;
    }
};

}  // namespace bourse::indicators
