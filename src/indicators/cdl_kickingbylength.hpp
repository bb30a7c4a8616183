// Candlestick pattern: kicking, signed by the longer body.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlKickingbylength : public Pattern<CdlKickingbylength> {
public:
    static constexpr Info info =
        pattern_info("cdl_kickingbylength", both_ways, "kicking, signed by the longer body",
                     "+-100: two marubozus of opposite colours, no shadow connecting them; the sign is the "
                     "colour of the longer one",
                     "TA-Lib 0.8.1 CDLKICKINGBYLENGTH");
    static constexpr int warm_up = 11;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const int side = c.color(0);
        if (!(c.color(1) == -side && (side > 0 ? c.gap_up(0) : c.gap_down(0)))) return 0;
        if (!(c.marubozu(1) && c.marubozu(0))) return 0;
        return c.body(0) > c.body(1) ? 100 * side : -100 * side;
    }
};

}  // namespace bourse::indicators
