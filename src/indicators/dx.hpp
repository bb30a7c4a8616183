// DirectionalOf<V> movement index, 0..100.
#pragma once

#include "indicators/directional.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

template <class V>
class DxOf : public Streaming<DxOf<V>> {
public:
    static constexpr Info info{.name = "dx",
                               .family = "momentum indicators",
                               .summary = "directional movement index, 0..100",
                               .inputs = {"high", "low", "close"},
                               .params = {period("timeperiod", 14, 2)},
                               .outputs = {{"dx", unit::percent, 0, 100}},
                               .formula =
                                   "100 * |plus_di - minus_di| / (plus_di + minus_di), the value before if "
                                   "that is 0",
                               .source = "TA-Lib 0.8.1 DX"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit DxOf(std::span<const double> params) : movement_(static_cast<int>(params[0])) {}

    void step(const V* in, V* out) noexcept {
        if (movement_.push(in[0], in[1], in[2])) out[0] = movement_.dx();
    }

private:
    DirectionalOf<V> movement_;
};

using Dx = DxOf<double>;

}  // namespace bourse::indicators
