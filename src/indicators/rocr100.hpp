// Rate of change as a ratio in percent.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

template <class V>
class Rocr100Of : public Streaming<Rocr100Of<V>> {
public:
    static constexpr Info info{.name = "rocr100",
                               .family = "momentum indicators",
                               .summary = "rate of change as a ratio in percent",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 10)},
                               .outputs = {{"rocr100", unit::percent, 0}},
                               .formula = "100 * price / price of timeperiod bars ago, 0 if that price is 0",
                               .source = "TA-Lib 0.8.1 ROCR100"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Rocr100Of(std::span<const double> params) : before_(static_cast<std::size_t>(params[0])) {}

    static V change(const V& now, const V& before) noexcept { return select(before == 0.0, 0.0, now / before * 100.0); }

    void step(const V* in, V* out) noexcept {
        if (before_.full()) out[0] = change(in[0], before_.oldest());
        before_.push(in[0]);
    }

    void state(auto& visit) { visit(before_); }

private:
    DelayOf<V> before_;
};

using Rocr100 = Rocr100Of<double>;

}  // namespace bourse::indicators
