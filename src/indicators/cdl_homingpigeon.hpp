// Candlestick pattern: homing pigeon: bullish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlHomingpigeon : public Pattern<CdlHomingpigeon> {
public:
    static constexpr Info info =
        pattern_info("cdl_homingpigeon", positive, "homing pigeon: bullish reversal",
                     "100: a long black body; a small black one inside it", "TA-Lib 0.8.1 CDLHOMINGPIGEON");
    static constexpr int warm_up = 11;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const bool inside = c.black(1) && c.black(0) && c.open(0) < c.open(1) && c.close(0) > c.close(1);
        return inside && c.long_body(1) && c.small_body(0) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
