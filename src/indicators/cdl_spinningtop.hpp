// Candlestick pattern: spinning top.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlSpinningtop : public Pattern<CdlSpinningtop> {
public:
    static constexpr Info info = pattern_info(
        "cdl_spinningtop", both_ways, "spinning top",
        "+-100: a short body with both shadows longer than it; the sign is its colour", "TA-Lib 0.8.1 CDLSPINNINGTOP");
    static constexpr int warm_up = 10;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const bool shadowed = c.upper(0) > c.body(0) && c.lower(0) > c.body(0);
        return shadowed && c.short_body(0) ? 100 * c.color(0) : 0;
    }
};

}  // namespace bourse::indicators
