// Rate of change.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

template <class V>
class RocOf : public Streaming<RocOf<V>> {
public:
    static constexpr Info info{.name = "roc",
                               .family = "momentum indicators",
                               .summary = "rate of change in percent",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 10)},
                               .outputs = {{"roc", unit::percent, -100}},
                               .formula = "(price / price of timeperiod bars ago - 1) * 100, 0 if that price is 0",
                               .source = "TA-Lib 0.8.1 ROC"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit RocOf(std::span<const double> params) : before_(static_cast<std::size_t>(params[0])) {}

    static V change(const V& now, const V& before) noexcept {
        return select(before == 0.0, 0.0, (now / before - 1.0) * 100.0);
    }

    void step(const V* in, V* out) noexcept {
        if (before_.full()) out[0] = change(in[0], before_.oldest());
        before_.push(in[0]);
    }

    void state(auto& visit) { visit(before_); }

private:
    DelayOf<V> before_;
};

using Roc = RocOf<double>;

}  // namespace bourse::indicators
