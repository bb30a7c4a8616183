// Candlestick pattern: doji star: reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlDojistar : public Pattern<CdlDojistar> {
public:
    static constexpr Info info =
        pattern_info("cdl_dojistar", both_ways, "doji star: reversal",
                     "+-100: a long body; a doji whose body lies beyond it in its direction; the sign is "
                     "against the first colour",
                     "TA-Lib 0.8.1 CDLDOJISTAR");
    static constexpr int warm_up = 11;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const int side = c.color(1);
        if (!(side > 0 ? c.body_gap_up(0) : c.body_gap_down(0))) return 0;
        return c.long_body(1) && c.doji(0) ? -100 * side : 0;
    }
};

}  // namespace bourse::indicators
