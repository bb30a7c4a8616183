// Candlestick pattern: separating lines: continuation.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlSeparatinglines : public Pattern<CdlSeparatinglines> {
public:
    static constexpr Info info =
        pattern_info("cdl_separatinglines", both_ways, "separating lines: continuation",
                     "+-100: two bars of opposite colours with equal opens, the second a belt hold; the sign "
                     "is the colour of the second",
                     "TA-Lib 0.8.1 CDLSEPARATINGLINES");
    static constexpr int warm_up = 11;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (c.color(1) != -c.color(0) || !c.within(c.open(0), c.open(1), c.equal(1)) || !c.long_body(0)) return 0;
        return (c.white(0) ? c.no_lower(0) : c.no_upper(0)) ? 100 * c.color(0) : 0;
    }
};

}  // namespace bourse::indicators
