// Candlestick pattern: morning doji star: bullish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlMorningdojistar : public Pattern<CdlMorningdojistar> {
public:
    static constexpr Info info =
        pattern_info("cdl_morningdojistar", positive, "morning doji star: bullish reversal",
                     "100: a long black body; a doji below it; a white body, not short, that closes deeper "
                     "than penetration into the first",
                     "TA-Lib 0.8.1 CDLMORNINGDOJISTAR", {penetration(0.3)});
    static constexpr int warm_up = 12;

    using Pattern::Pattern;

    static int judge(const Candles& c, double penetration) noexcept {
        if (!(c.black(2) && c.white(0) && c.body_gap_down(1) && c.close(0) > c.close(2) + c.body(2) * penetration))
            return 0;
        return c.long_body(2) && c.doji(1) && c.long_body(0) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
