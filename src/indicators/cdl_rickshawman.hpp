// Candlestick pattern: rickshaw man.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlRickshawman : public Pattern<CdlRickshawman> {
public:
    static constexpr Info info =
        pattern_info("cdl_rickshawman", positive, "rickshaw man",
                     "100: a doji with both shadows longer than its body, the body near the middle of the bar",
                     "TA-Lib 0.8.1 CDLRICKSHAWMAN");
    static constexpr int warm_up = 10;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.doji(0) && c.lower(0) > c.body(0) && c.upper(0) > c.body(0))) return 0;
        const double middle = c.low(0) + c.height(0) / 2, near = c.near(0);
        return c.bottom(0) <= middle + near && c.top(0) >= middle - near ? 100 : 0;
    }
};

}  // namespace bourse::indicators
