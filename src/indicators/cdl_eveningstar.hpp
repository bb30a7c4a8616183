// Candlestick pattern: evening star: bearish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlEveningstar : public Pattern<CdlEveningstar> {
public:
    static constexpr Info info =
        pattern_info("cdl_eveningstar", negative, "evening star: bearish reversal",
                     "-100: a long white body; a small one above it; a black body, not short, that closes "
                     "deeper than penetration into the first",
                     "TA-Lib 0.8.1 CDLEVENINGSTAR", {penetration(0.3)});
    static constexpr int warm_up = 12;

    using Pattern::Pattern;

    static int judge(const Candles& c, double penetration) noexcept {
        if (!(c.white(2) && c.black(0) && c.body_gap_up(1) && c.close(0) < c.close(2) - c.body(2) * penetration))
            return 0;
        return c.long_body(2) && c.small_body(1) && c.long_body(0) ? -100 : 0;
    }
};

}  // namespace bourse::indicators
