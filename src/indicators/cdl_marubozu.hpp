// Candlestick pattern: marubozu.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlMarubozu : public Pattern<CdlMarubozu> {
public:
    static constexpr Info info =
        pattern_info("cdl_marubozu", both_ways, "marubozu",
                     "+-100: a long body with tiny shadows; the sign is its colour", "TA-Lib 0.8.1 CDLMARUBOZU");
    static constexpr int warm_up = 10;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept { return c.marubozu(0) ? 100 * c.color(0) : 0; }
};

}  // namespace bourse::indicators
