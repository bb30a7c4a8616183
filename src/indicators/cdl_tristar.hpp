// Candlestick pattern: tristar: reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlTristar : public Pattern<CdlTristar> {
public:
    static constexpr Info info =
        pattern_info("cdl_tristar", both_ways, "tristar: reversal",
                     "+-100: three dojis by the measure of the first, the middle one beyond a gap, the third "
                     "not beyond it; the sign is against the gap",
                     "TA-Lib 0.8.1 CDLTRISTAR");
    static constexpr int warm_up = 12;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const bool up = c.body_gap_up(1) && c.top(0) < c.top(1), down = c.body_gap_down(1) && c.bottom(0) > c.bottom(1);
        if (!(up || down)) return 0;
        const double most = c.doji_body(2);
        return c.body(2) <= most && c.body(1) <= most && c.body(0) <= most ? (up ? -100 : 100) : 0;
    }
};

}  // namespace bourse::indicators
