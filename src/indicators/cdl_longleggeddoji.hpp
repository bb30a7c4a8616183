// Candlestick pattern: long legged doji.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlLongleggeddoji : public Pattern<CdlLongleggeddoji> {
public:
    static constexpr Info info =
        pattern_info("cdl_longleggeddoji", positive, "long legged doji",
                     "100: a doji with a shadow longer than its body", "TA-Lib 0.8.1 CDLLONGLEGGEDDOJI");
    static constexpr int warm_up = 10;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        return c.doji(0) && (c.lower(0) > c.body(0) || c.upper(0) > c.body(0)) ? 100 : 0;
    }
};

}  // namespace bourse::indicators
