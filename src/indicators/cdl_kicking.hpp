// Candlestick pattern: kicking: continuation of the second direction.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlKicking : public Pattern<CdlKicking> {
public:
    static constexpr Info info =
        pattern_info("cdl_kicking", both_ways, "kicking: continuation of the second direction",
                     "+-100: two marubozus of opposite colours, no shadow connecting them; the sign is the "
                     "colour of the second",
                     "TA-Lib 0.8.1 CDLKICKING");
    static constexpr int warm_up = 11;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const int side = c.color(0);
        if (!(c.color(1) == -side && (side > 0 ? c.gap_up(0) : c.gap_down(0)))) return 0;
        return c.marubozu(1) && c.marubozu(0) ? 100 * side : 0;
    }
};

}  // namespace bourse::indicators
