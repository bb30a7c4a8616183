// Aroon oscillator, -100..100.
#pragma once

#include "indicators/dated.hpp"
#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Aroonosc : public Streaming<Aroonosc> {
public:
    static constexpr Info info{.name = "aroonosc",
                               .family = "momentum indicators",
                               .summary = "Aroon oscillator, -100..100",
                               .inputs = {"high", "low"},
                               .params = {period("timeperiod", 14)},
                               .outputs = {{"aroonosc", unit::percent, -100, 100}},
                               .formula = "up - down of aroon",
                               .source = "TA-Lib 0.8.1 AROONOSC"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Aroonosc(std::span<const double> params)
        : bars_(params[0]),
          highs_(static_cast<std::size_t>(params[0]) + 1),
          lows_(static_cast<std::size_t>(params[0]) + 1) {}

    void step(const double* in, double* out) noexcept {
        now_ += 1;
        highs_.push({in[0], now_});
        lows_.push({in[1], now_});
        if (!highs_.full()) return;
        out[0] = 100 * (lows_.total().age(now_) - highs_.total().age(now_)) / bars_;
    }

    void state(auto& visit) { visit(bars_, now_, highs_, lows_); }

private:
    double bars_, now_ = 0;
    Window<LatestHighest, Dated> highs_;
    Window<LatestLowest, Dated> lows_;
};

}  // namespace bourse::indicators
