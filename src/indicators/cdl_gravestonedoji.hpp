// Candlestick pattern: gravestone doji.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlGravestonedoji : public Pattern<CdlGravestonedoji> {
public:
    static constexpr Info info =
        pattern_info("cdl_gravestonedoji", positive, "gravestone doji",
                     "100: a doji without a lower shadow and with an upper one", "TA-Lib 0.8.1 CDLGRAVESTONEDOJI");
    static constexpr int warm_up = 10;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        return c.doji(0) && c.no_lower(0) && c.upper(0) > c.tiny_shadow(0) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
