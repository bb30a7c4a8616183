// Candlestick pattern: counterattack: reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlCounterattack : public Pattern<CdlCounterattack> {
public:
    static constexpr Info info =
        pattern_info("cdl_counterattack", both_ways, "counterattack: reversal",
                     "+-100: two long bodies of opposite colours with equal closes; the sign is the colour of "
                     "the second",
                     "TA-Lib 0.8.1 CDLCOUNTERATTACK");
    static constexpr int warm_up = 11;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.color(1) == -c.color(0) && c.long_body(1) && c.long_body(0))) return 0;
        return c.within(c.close(0), c.close(1), c.equal(1)) ? 100 * c.color(0) : 0;
    }
};

}  // namespace bourse::indicators
