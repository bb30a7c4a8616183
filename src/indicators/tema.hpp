// Triple exponential moving average.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"

namespace bourse::indicators {

template <class V>
class TemaOf : public Streaming<TemaOf<V>> {
public:
    static constexpr Info info{.name = "tema",
                               .family = "overlap studies",
                               .summary = "triple exponential moving average",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30)},
                               .outputs = {{"tema", unit::price}},
                               .formula =
                                   "3*e - 3*ee + eee, e = ema(price), ee = ema(e), eee = ema(ee), each seeded "
                                   "with the mean of its first timeperiod values",
                               .source = "TA-Lib 0.8.1 TEMA"};

    static int lookback(std::span<const double> params) { return 3 * (static_cast<int>(params[0]) - 1); }

    explicit TemaOf(std::span<const double> params)
        : once_(SmoothingOf<V>::exponential(static_cast<int>(params[0]))), twice_(once_), thrice_(once_) {}

    void step(const V* in, V* out) noexcept {
        once_.push(in[0]);
        if (!once_.ready()) return;
        twice_.push(once_.value());
        if (!twice_.ready()) return;
        thrice_.push(twice_.value());
        if (thrice_.ready()) out[0] = 3 * once_.value() - 3 * twice_.value() + thrice_.value();
    }

private:
    SmoothingOf<V> once_, twice_, thrice_;
};

using Tema = TemaOf<double>;

}  // namespace bourse::indicators
