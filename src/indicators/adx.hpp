// Average directional movement index, 0..100.
#pragma once

#include "indicators/directional.hpp"
#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"

namespace bourse::indicators {

template <class V>
class AdxOf : public Streaming<AdxOf<V>> {
public:
    static constexpr Info info{.name = "adx",
                               .family = "momentum indicators",
                               .summary = "average directional movement index, 0..100",
                               .inputs = {"high", "low", "close"},
                               .params = {period("timeperiod", 14, 2)},
                               .outputs = {{"adx", unit::percent, 0, 100}},
                               .formula = "Wilder's average of dx; seed: mean of the first timeperiod dx",
                               .source = "TA-Lib 0.8.1 ADX"};

    static int lookback(std::span<const double> params) { return 2 * static_cast<int>(params[0]) - 1; }

    explicit AdxOf(std::span<const double> params)
        : movement_(static_cast<int>(params[0])), average_(SmoothingOf<V>::wilder(static_cast<int>(params[0]))) {}

    void step(const V* in, V* out) noexcept {
        if (!movement_.push(in[0], in[1], in[2])) return;
        average_.push(movement_.dx());
        if (average_.ready()) out[0] = average_.value();
    }

private:
    DirectionalOf<V> movement_;
    SmoothingOf<V> average_;
};

using Adx = AdxOf<double>;

}  // namespace bourse::indicators
