// Candlestick pattern: hikkake. Source: Daniel Chesler (2004).
#pragma once

#include "indicators/hikkake.hpp"
#include "indicators/pattern.hpp"

namespace bourse::indicators {

class CdlHikkake : public Streaming<CdlHikkake> {
public:
    static constexpr Info info = pattern_info(
        "cdl_hikkake", both_ways_confirmed, "hikkake: a false break of an inside bar",
        "+-100: a bar inside the one before; the next with lower high and low (bullish) or higher ones (bearish); "
        "+-200: within three bars a close beyond the inside bar against the break, once",
        "TA-Lib 0.8.1 CDLHIKKAKE");

    static int lookback(std::span<const double>) { return 5; }

    explicit CdlHikkake(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        candles_.push(in);
        if (++seen_ < 3) return;
        const int setup = Hikkake::inside(candles_, 1) ? Hikkake::break_of(candles_) : 0;
        const int result = hikkake_.judge(candles_, setup);
        if (seen_ > 5) out[0] = result;
    }

private:
    Candles candles_;
    Hikkake hikkake_;
    long seen_ = 0;
};

}  // namespace bourse::indicators
