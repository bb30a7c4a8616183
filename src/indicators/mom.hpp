// Price change over some bars.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

template <class V>
class MomOf : public Streaming<MomOf<V>> {
public:
    static constexpr Info info{.name = "mom",
                               .family = "momentum indicators",
                               .summary = "price change over some bars",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 10)},
                               .outputs = {{"mom", unit::price}},
                               .formula = "price - price of timeperiod bars ago",
                               .source = "TA-Lib 0.8.1 MOM"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit MomOf(std::span<const double> params) : before_(static_cast<std::size_t>(params[0])) {}

    static V change(const V& now, const V& before) noexcept { return now - before; }

    void step(const V* in, V* out) noexcept {
        if (before_.full()) out[0] = change(in[0], before_.oldest());
        before_.push(in[0]);
    }

    void state(auto& visit) { visit(before_); }

private:
    DelayOf<V> before_;
};

using Mom = MomOf<double>;

}  // namespace bourse::indicators
