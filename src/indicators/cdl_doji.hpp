// Candlestick pattern: doji.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlDoji : public Pattern<CdlDoji> {
public:
    static constexpr Info info = pattern_info("cdl_doji", positive, "doji",
                                              "100: open and close are the same or nearly", "TA-Lib 0.8.1 CDLDOJI");
    static constexpr int warm_up = 10;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept { return c.doji(0) ? 100 : 0; }
};

}  // namespace bourse::indicators
