// Hikkake: an inside bar, a false break of it, and its confirmation.
#pragma once

#include "indicators/candles.hpp"

namespace bourse::indicators {

// Remembers the last setup for the three bars in which a close beyond the inside bar confirms it.
class Hikkake {
public:
    // One bar: `setup` is 0, 1 (bullish) or -1; the inside bar is the one before the newest. +-200 confirms.
    int judge(const Candles& c, int setup) noexcept {
        if (setup != 0) {
            side_ = setup;
            since_ = 0;
            high_ = c.high(1);
            low_ = c.low(1);
            return 100 * setup;
        }
        ++since_;
        if (side_ == 0 || since_ > 3) return 0;
        if (!(side_ > 0 ? c.close(0) > high_ : c.close(0) < low_)) return 0;
        const int confirmed = 200 * side_;
        side_ = 0;
        return confirmed;
    }

    // The newest bar breaks out of the bar before: 1 below it, -1 above it.
    static int break_of(const Candles& c) noexcept {
        if (c.high(0) < c.high(1) && c.low(0) < c.low(1)) return 1;
        if (c.high(0) > c.high(1) && c.low(0) > c.low(1)) return -1;
        return 0;
    }
    static bool inside(const Candles& c, int age) noexcept {
        return c.high(age) < c.high(age + 1) && c.low(age) > c.low(age + 1);
    }

private:
    int side_ = 0, since_ = 0;
    double high_ = 0, low_ = 0;
};

}  // namespace bourse::indicators
