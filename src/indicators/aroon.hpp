// Aroon: how new the lowest low and the highest high are, 0..100.
#pragma once

#include "indicators/dated.hpp"
#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Aroon : public Streaming<Aroon> {
public:
    static constexpr Info info{.name = "aroon",
                               .family = "momentum indicators",
                               .summary = "Aroon: how new the lowest low and the highest high are, 0..100",
                               .inputs = {"high", "low"},
                               .params = {period("timeperiod", 14)},
                               .outputs = {{"down", unit::percent, 0, 100}, {"up", unit::percent, 0, 100}},
                               .formula =
                                   "100 * (timeperiod - bars since the extreme) / timeperiod, over timeperiod "
                                   "+ 1 bars; of equal extremes the latest counts",
                               .source = "TA-Lib 0.8.1 AROON"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Aroon(std::span<const double> params)
        : bars_(params[0]),
          highs_(static_cast<std::size_t>(params[0]) + 1),
          lows_(static_cast<std::size_t>(params[0]) + 1) {}

    void step(const double* in, double* out) noexcept {
        now_ += 1;
        highs_.push({in[0], now_});
        lows_.push({in[1], now_});
        if (!highs_.full()) return;
        out[0] = 100 * (bars_ - lows_.total().age(now_)) / bars_;
        out[1] = 100 * (bars_ - highs_.total().age(now_)) / bars_;
    }

    void state(auto& visit) { visit(bars_, now_, highs_, lows_); }

private:
    double bars_, now_ = 0;
    Window<LatestHighest, Dated> highs_;
    Window<LatestLowest, Dated> lows_;
};

}  // namespace bourse::indicators
