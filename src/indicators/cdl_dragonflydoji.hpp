// Candlestick pattern: dragonfly doji.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlDragonflydoji : public Pattern<CdlDragonflydoji> {
public:
    static constexpr Info info =
        pattern_info("cdl_dragonflydoji", positive, "dragonfly doji",
                     "100: a doji without an upper shadow and with a lower one", "TA-Lib 0.8.1 CDLDRAGONFLYDOJI");
    static constexpr int warm_up = 10;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        return c.doji(0) && c.no_upper(0) && c.lower(0) > c.tiny_shadow(0) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
