// Candlestick pattern: modified hikkake. Source: Daniel Chesler (2004).
#pragma once

#include "indicators/hikkake.hpp"
#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlHikkakemod : public Streaming<CdlHikkakemod> {
public:
    static constexpr Info info = pattern_info(
        "cdl_hikkakemod", both_ways_confirmed, "modified hikkake: a false break of two nested inside bars",
        "+-100: two bars each inside the one before, the first of them closing near its low (bullish) or its high "
        "(bearish); the next with lower high and low (bullish) or higher ones (bearish); +-200: within three bars a "
        "close beyond the last inside bar against the break, once",
        "TA-Lib 0.8.1 CDLHIKKAKEMOD");

    static int lookback(std::span<const double>) { return 10; }

    explicit CdlHikkakemod(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        candles_.push(in);
        if (++seen_ < 8) return;
        const int result = hikkake_.judge(candles_, setup());
        if (seen_ > 10) out[0] = result;
    }

private:
    int setup() const noexcept {
        const Candles& c = candles_;
        if (!(Hikkake::inside(c, 2) && Hikkake::inside(c, 1))) return 0;
        const int side = Hikkake::break_of(c);
        if (side > 0) return c.close(2) <= c.low(2) + c.near(2) ? 1 : 0;
        if (side < 0) return c.close(2) >= c.high(2) - c.near(2) ? -1 : 0;
        return 0;
    }

    Candles candles_;
    Hikkake hikkake_;
    long seen_ = 0;
};

}  // namespace bourse::indicators
