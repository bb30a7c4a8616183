// Candlestick pattern: tasuki gap: continuation.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlTasukigap : public Pattern<CdlTasukigap> {
public:
    static constexpr Info info =
        pattern_info("cdl_tasukigap", both_ways, "tasuki gap: continuation",
                     "+-100: beyond a gap a bar of its direction; one of the other colour and near the same "
                     "body that opens in the second body and closes in the gap; the sign is the direction of "
                     "the gap",
                     "TA-Lib 0.8.1 CDLTASUKIGAP");
    static constexpr int warm_up = 7;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const int side = c.color(1);
        if (!(c.color(0) == -side && (side > 0 ? c.body_gap_up(1) : c.body_gap_down(1)))) return 0;
        const bool opens_in_body = side * (c.open(0) - c.close(1)) < 0 && side * (c.open(0) - c.open(1)) > 0;
        const bool closes_in_gap =
            side * (c.close(0) - c.open(1)) < 0 && (side > 0 ? c.close(0) > c.top(2) : c.close(0) < c.bottom(2));
        return opens_in_body && closes_in_gap && std::fabs(c.body(1) - c.body(0)) < c.near(1) ? 100 * side : 0;
    }
};

}  // namespace bourse::indicators
