// Variance of a population.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/moments.hpp"

namespace bourse::indicators {

template <class V>
class VarOf : public Streaming<VarOf<V>> {
public:
    static constexpr Info info{.name = "var",
                               .family = "statistic functions",
                               .summary = "variance of a population",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 5), multiplier("nbdev", 1)},
                               .outputs = {{"var", unit::price_squared, 0}},
                               .formula =
                                   "mean of the squared deviations of the last timeperiod prices from their "
                                   "mean; nbdev has no effect",
                               .source = "TA-Lib 0.8.1 VAR"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit VarOf(std::span<const double> params) : window_(static_cast<std::size_t>(params[0])) {}

    void step(const V* in, V* out) noexcept {
        window_.push(in[0]);
        if (window_.full()) out[0] = window_.total().variance();
    }

    void state(auto& visit) { visit(window_); }

private:
    MomentsWindowOf<V> window_;
};

using Var = VarOf<double>;

}  // namespace bourse::indicators
