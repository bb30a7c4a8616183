// Swing highs and lows (Williams), marked when they are confirmed.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/swing.hpp"

namespace bourse::indicators {

class Fractal : public Streaming<Fractal> {
public:
    static constexpr Info info{.name = "fractal",
                               .family = "momentum indicators",
                               .summary = "swing highs and lows (Williams), marked when they are confirmed",
                               .inputs = {"high", "low"},
                               .params = {period("leftbars", 2), period("rightbars", 2)},
                               .outputs = {{"swinghigh", unit::signal, 0, 100}, {"swinglow", unit::signal, 0, 100}},
                               .formula =
                                   "100 where the high of rightbars bars ago is above the highs of the leftbars bars "
                                   "before it and the rightbars bars after it, else 0; the same for lows",
                               .source = "TA-Lib 0.8.1 FRACTAL"};

    static int lookback(std::span<const double> params) {
        return static_cast<int>(params[0]) + static_cast<int>(params[1]);
    }

    explicit Fractal(std::span<const double> params) : highs_(params), lows_(params) {}

    void step(const double* in, double* out) noexcept {
        const bool high = highs_.push(in[0]), low = lows_.push(-in[1]);
        if (!highs_.ready()) return;
        out[0] = high ? 100 : 0;
        out[1] = low ? 100 : 0;
    }

    void state(auto& visit) { visit(highs_, lows_); }

private:
    Swing highs_, lows_;
};

}  // namespace bourse::indicators
