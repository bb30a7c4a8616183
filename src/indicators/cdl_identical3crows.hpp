// Candlestick pattern: identical three crows: bearish reversal.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlIdentical3crows : public Pattern<CdlIdentical3crows> {
public:
    static constexpr Info info =
        pattern_info("cdl_identical3crows", negative, "identical three crows: bearish reversal",
                     "-100: three black bars with tiny lower shadows and falling closes, the second and the "
                     "third opening at the close before",
                     "TA-Lib 0.8.1 CDLIDENTICAL3CROWS");
    static constexpr int warm_up = 12;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.black(2) && c.black(1) && c.black(0) && c.close(2) > c.close(1) && c.close(1) > c.close(0))) return 0;
        if (!(c.no_lower(2) && c.no_lower(1) && c.no_lower(0))) return 0;
        return c.within(c.open(1), c.close(2), c.equal(2)) && c.within(c.open(0), c.close(1), c.equal(1)) ? -100 : 0;
    }
};

}  // namespace bourse::indicators
