// Rate of change of a triple exponential average in percent.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"

namespace bourse::indicators {

template <class V>
class TrixOf : public Streaming<TrixOf<V>> {
public:
    static constexpr Info info{.name = "trix",
                               .family = "momentum indicators",
                               .summary = "rate of change of a triple exponential average in percent",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30)},
                               .outputs = {{"trix", unit::percent}},
                               .formula =
                                   "(eee / eee of the bar before - 1) * 100, 0 if that is 0; eee = "
                                   "ema(ema(ema(price)))",
                               .source = "TA-Lib 0.8.1 TRIX"};

    static int lookback(std::span<const double> params) { return 3 * (static_cast<int>(params[0]) - 1) + 1; }

    explicit TrixOf(std::span<const double> params)
        : once_(SmoothingOf<V>::exponential(static_cast<int>(params[0]))), twice_(once_), thrice_(once_) {}

    void step(const V* in, V* out) noexcept {
        once_.push(in[0]);
        if (!once_.ready()) return;
        twice_.push(once_.value());
        if (!twice_.ready()) return;
        const bool started = thrice_.ready();
        const V before = thrice_.value();
        thrice_.push(twice_.value());
        if (started) out[0] = select(before == 0.0, 0.0, (thrice_.value() / before - 1.0) * 100.0);
    }

private:
    SmoothingOf<V> once_, twice_, thrice_;
};

using Trix = TrixOf<double>;

}  // namespace bourse::indicators
