// Candlestick pattern: on-neck: bearish continuation.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlOnneck : public Pattern<CdlOnneck> {
public:
    static constexpr Info info =
        pattern_info("cdl_onneck", negative, "on-neck: bearish continuation",
                     "-100: a long black body; a white one that opens below its low and closes at its low",
                     "TA-Lib 0.8.1 CDLONNECK");
    static constexpr int warm_up = 11;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        if (!(c.black(1) && c.white(0) && c.open(0) < c.low(1))) return 0;
        return c.within(c.close(0), c.low(1), c.equal(1)) && c.long_body(1) ? -100 : 0;
    }
};

}  // namespace bourse::indicators
