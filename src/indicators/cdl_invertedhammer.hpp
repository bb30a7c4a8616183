// Candlestick pattern: inverted hammer: bullish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlInvertedhammer : public Pattern<CdlInvertedhammer> {
public:
    static constexpr Info info =
        pattern_info("cdl_invertedhammer", positive, "inverted hammer: bullish reversal",
                     "100: below the body before, a short body with an upper shadow longer than it and a tiny "
                     "lower one",
                     "TA-Lib 0.8.1 CDLINVERTEDHAMMER");
    static constexpr int warm_up = 11;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const bool shape = c.body_gap_down(0) && c.upper(0) > c.body(0);
        return shape && c.short_body(0) && c.no_lower(0) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
