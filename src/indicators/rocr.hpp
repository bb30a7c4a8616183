// Rate of change as a ratio.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

template <class V>
class RocrOf : public Streaming<RocrOf<V>> {
public:
    static constexpr Info info{.name = "rocr",
                               .family = "momentum indicators",
                               .summary = "rate of change as a ratio",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 10)},
                               .outputs = {{"rocr", unit::ratio, 0}},
                               .formula = "price / price of timeperiod bars ago, 0 if that price is 0",
                               .source = "TA-Lib 0.8.1 ROCR"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit RocrOf(std::span<const double> params) : before_(static_cast<std::size_t>(params[0])) {}

    static V change(const V& now, const V& before) noexcept { return select(before == 0.0, 0.0, now / before); }

    void step(const V* in, V* out) noexcept {
        if (before_.full()) out[0] = change(in[0], before_.oldest());
        before_.push(in[0]);
    }

    void state(auto& visit) { visit(before_); }

private:
    DelayOf<V> before_;
};

using Rocr = RocrOf<double>;

}  // namespace bourse::indicators
