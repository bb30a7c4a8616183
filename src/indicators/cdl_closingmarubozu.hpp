// Candlestick pattern: closing marubozu.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlClosingmarubozu : public Pattern<CdlClosingmarubozu> {
public:
    static constexpr Info info =
        pattern_info("cdl_closingmarubozu", both_ways, "closing marubozu",
                     "+-100: a long body with a tiny shadow on the side of its close; the sign is its colour",
                     "TA-Lib 0.8.1 CDLCLOSINGMARUBOZU");
    static constexpr int warm_up = 10;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!c.long_body(0)) return 0;
        return (c.white(0) ? c.no_upper(0) : c.no_lower(0)) ? 100 * c.color(0) : 0;
    }
};

}  // namespace bourse::indicators
