// Average directional movement rating, 0..100.
#pragma once

#include "indicators/directional.hpp"
#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

template <class V>
class AdxrOf : public Streaming<AdxrOf<V>> {
public:
    static constexpr Info info{.name = "adxr",
                               .family = "momentum indicators",
                               .summary = "average directional movement rating, 0..100",
                               .inputs = {"high", "low", "close"},
                               .params = {period("timeperiod", 14, 2)},
                               .outputs = {{"adxr", unit::percent, 0, 100}},
                               .formula = "(adx + adx of timeperiod - 1 bars ago) / 2",
                               .source = "TA-Lib 0.8.1 ADXR"};

    static int lookback(std::span<const double> params) { return 3 * static_cast<int>(params[0]) - 2; }

    explicit AdxrOf(std::span<const double> params)
        : movement_(static_cast<int>(params[0])),
          average_(SmoothingOf<V>::wilder(static_cast<int>(params[0]))),
          before_(static_cast<std::size_t>(params[0]) - 1) {}

    void step(const V* in, V* out) noexcept {
        if (!movement_.push(in[0], in[1], in[2])) return;
        average_.push(movement_.dx());
        if (!average_.ready()) return;
        if (before_.full()) out[0] = (average_.value() + before_.oldest()) / 2;
        before_.push(average_.value());
    }

    void state(auto& visit) { visit(movement_, average_, before_); }

private:
    DirectionalOf<V> movement_;
    SmoothingOf<V> average_;
    DelayOf<V> before_;
};

using Adxr = AdxrOf<double>;

}  // namespace bourse::indicators
