// Candlestick pattern: abandoned baby: reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlAbandonedbaby : public Pattern<CdlAbandonedbaby> {
public:
    static constexpr Info info =
        pattern_info("cdl_abandonedbaby", both_ways, "abandoned baby: reversal",
                     "+-100: a long body; a doji that no shadow connects with its neighbours; a body of the "
                     "other colour, not short, that closes deeper than penetration into the first; the sign is "
                     "the new direction",
                     "TA-Lib 0.8.1 CDLABANDONEDBABY", {penetration(0.3)});
    static constexpr int warm_up = 12;

    using Pattern::Pattern;

    static int judge(const Candles& c, double penetration) noexcept {
        const int side = c.color(0);
        if (c.color(2) != -side) return 0;
        const double deep = c.close(2) + side * c.body(2) * penetration;
        const bool apart = side > 0 ? c.gap_down(1) && c.gap_up(0) : c.gap_up(1) && c.gap_down(0);
        if (!(apart && side * (c.close(0) - deep) > 0)) return 0;
        return c.long_body(2) && c.doji(1) && c.long_body(0) ? 100 * side : 0;
    }
};

}  // namespace bourse::indicators
