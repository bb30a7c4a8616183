// Plus directional indicator, 0..100.
#pragma once

#include "indicators/directional.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

template <class V>
class PlusDiOf : public Streaming<PlusDiOf<V>> {
public:
    static constexpr Info info{.name = "plus_di",
                               .family = "momentum indicators",
                               .summary = "plus directional indicator, 0..100",
                               .inputs = {"high", "low", "close"},
                               .params = {period("timeperiod", 14, 2)},
                               .outputs = {{"plus_di", unit::percent, 0, 100}},
                               .formula =
                                   "100 * sum of the rises of the high / sum of the true ranges, 0 if that is "
                                   "0; Wilder's sums: the first timeperiod - 1 added up, then s - "
                                   "s/timeperiod + x; of one bar only the larger move counts",
                               .source = "TA-Lib 0.8.1 PLUS_DI"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit PlusDiOf(std::span<const double> params) : movement_(static_cast<int>(params[0])) {}

    void step(const V* in, V* out) noexcept {
        if (movement_.push(in[0], in[1], in[2])) out[0] = movement_.plus_di();
    }

private:
    DirectionalOf<V> movement_;
};

using PlusDi = PlusDiOf<double>;

}  // namespace bourse::indicators
