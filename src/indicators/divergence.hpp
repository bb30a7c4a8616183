// Divergence of a price (price0) and an oscillator (price1) at confirmed swings: 1 bullish, -1 bearish, else 0.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/swing.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Divergence : public Streaming<Divergence> {
public:
    static constexpr Info info{
        .name = "divergence",
        .family = "signals",
        .summary =
            "divergence of a price (price0) and an oscillator (price1) at confirmed swings: 1 "
            "bullish, -1 bearish, else 0",
        .inputs = {"price0", "price1"},
        .params = {period("leftbars", 2), period("rightbars", 2), period("maxbars", 60)},
        .outputs = {{"regular", unit::signal, -1, 1}, {"hidden", unit::signal, -1, 1}},
        .formula =
            "at the bar that confirms a swing low of price0 (below the leftbars values before it "
            "and the rightbars values after it), compared with the swing low before if that is at "
            "most maxbars older: regular 1 where the price is lower and the oscillator higher, "
            "hidden 1 where the price is higher and the oscillator lower; at swing highs the same "
            "with signs and directions turned",
        .source = "definition"};

    static int lookback(std::span<const double> params) {
        return static_cast<int>(params[0]) + static_cast<int>(params[1]);
    }

    explicit Divergence(std::span<const double> params)
        : most_(params[2]),
          highs_(params),
          lows_(params),
          prices_(static_cast<std::size_t>(params[1])),
          oscillators_(static_cast<std::size_t>(params[1])) {}

    void step(const double* in, double* out) noexcept {
        const bool high = highs_.push(in[0]), low = lows_.push(-in[0]);
        const double price = prices_.full() ? prices_.oldest() : 0,
                     oscillator = oscillators_.full() ? oscillators_.oldest() : 0;
        prices_.push(in[0]);
        oscillators_.push(in[1]);
        ++now_;
        if (!highs_.ready()) return;
        out[0] = 0;
        out[1] = 0;
        if (low) judge(lowest_, price, oscillator, 1, out);
        if (high) judge(highest_, -price, -oscillator, -1, out);
    }

    void state(auto& visit) { visit(most_, now_, highs_, lows_, prices_, oscillators_, lowest_, highest_); }

private:
    struct Past {
        double bar = -1e300, price = 0, oscillator = 0;
    };

    // Prices and oscillators of highs come with their signs turned, so that both are lows.
    void judge(Past& past, double price, double oscillator, double side, double* out) noexcept {
        if (now_ - past.bar <= most_) {
            if (price < past.price && oscillator > past.oscillator) out[0] = side;
            if (price > past.price && oscillator < past.oscillator) out[1] = side;
        }
        past = {now_, price, oscillator};
    }

    double most_, now_ = 0;
    Swing highs_, lows_;
    Delay prices_, oscillators_;
    Past lowest_, highest_;
};

}  // namespace bourse::indicators
