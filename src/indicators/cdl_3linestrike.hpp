// Candlestick pattern: three line strike.
#pragma once

#include "indicators/pattern.hpp"

namespace bourse::indicators {

class Cdl3linestrike : public Pattern<Cdl3linestrike> {
public:
    static constexpr Info info =
        pattern_info("cdl_3linestrike", both_ways, "three line strike",
                     "+-100: three bars of one colour that close further each, opening in or near the body "
                     "before; a fourth of the other colour that opens beyond the third close and closes beyond "
                     "the first open; the sign is the colour of the three",
                     "TA-Lib 0.8.1 CDL3LINESTRIKE");
    static constexpr int warm_up = 8;

    using Pattern::Pattern;

    static int judge(const Candles& c, double) noexcept {
        const int side = c.color(1);
        if (!(c.color(3) == side && c.color(2) == side && c.color(0) == -side)) return 0;
        if (!(side * (c.close(1) - c.close(2)) > 0 && side * (c.close(2) - c.close(3)) > 0)) return 0;
        if (!(side * (c.open(0) - c.close(1)) > 0 && side * (c.close(0) - c.open(3)) < 0)) return 0;
        for (const int age : {2, 1}) {
            const double near = c.near(age + 1);
            if (!(c.open(age) >= c.bottom(age + 1) - near && c.open(age) <= c.top(age + 1) + near)) return 0;
        }
        return 100 * side;
    }
};

}  // namespace bourse::indicators
