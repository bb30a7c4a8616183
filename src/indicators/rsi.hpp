// Relative strength index. Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978).
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/moves.hpp"

namespace bourse::indicators {

template <class V>
class RsiOf : public Streaming<RsiOf<V>> {
public:
    static constexpr Info info{.name = "rsi",
                               .family = "momentum indicators",
                               .summary = "relative strength index, 0..100",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 14, 2), profile({"talib", "tdx", "tradingview"})},
                               .outputs = {{"rsi", unit::percent, 0, 100}},
                               .formula =
                                   "100*G/(G+L), 0 if G+L = 0; G, L: Wilder's averages of rises and falls; "
                                   "seed: mean of the first timeperiod changes; profile tdx: seed is the first change, "
                                   "NULL if G+L = 0; profile tradingview: 100 if L = 0",
                               .source = "TA-Lib 0.8.1 RSI",
                               .undefined = "with profile tdx until the price moves for the first time"};

    static int lookback(std::span<const double> params) {
        return profile_is(info, params, "tdx") ? 1 : static_cast<int>(params[0]);
    }

    explicit RsiOf(std::span<const double> params)
        : tdx_(profile_is(info, params, "tdx")),
          tradingview_(profile_is(info, params, "tradingview")),
          moves_(tdx_ ? SmoothingOf<V>::wilder(static_cast<int>(params[0])).from_first()
                      : SmoothingOf<V>::wilder(static_cast<int>(params[0]))) {}

    void step(const V* in, V* out) noexcept {
        if (!moves_.push(in[0])) return;
        if (tdx_)
            out[0] = select(moves_.total() == 0.0, missing, moves_.rsi());
        else
            out[0] = tradingview_ ? select(moves_.loss() == 0.0, 100.0, moves_.rsi()) : moves_.rsi();
    }

private:
    bool tdx_, tradingview_;
    MovesOf<V> moves_;
};

using Rsi = RsiOf<double>;

}  // namespace bourse::indicators
