// Candlestick pattern: belt hold.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlBelthold : public Pattern<CdlBelthold> {
public:
    static constexpr Info info =
        pattern_info("cdl_belthold", both_ways, "belt hold",
                     "+-100: a long body with a tiny shadow on the side of its open; the sign is its colour",
                     "TA-Lib 0.8.1 CDLBELTHOLD");
    static constexpr int warm_up = 10;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!c.long_body(0)) return 0;
        return (c.white(0) ? c.no_lower(0) : c.no_upper(0)) ? 100 * c.color(0) : 0;
    }
};

}  // namespace bourse::indicators
