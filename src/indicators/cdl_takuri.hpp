// Candlestick pattern: takuri: dragonfly doji with a very long lower shadow.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlTakuri : public Pattern<CdlTakuri> {
public:
    static constexpr Info info =
        pattern_info("cdl_takuri", positive, "takuri: dragonfly doji with a very long lower shadow",
                     "100: a doji without an upper shadow and with a lower one longer than twice its body",
                     "TA-Lib 0.8.1 CDLTAKURI");
    static constexpr int warm_up = 10;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        return c.doji(0) && c.no_upper(0) && c.lower(0) > 2 * c.body(0) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
