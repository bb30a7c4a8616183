// Standard deviation of a population.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/moments.hpp"

namespace bourse::indicators {

template <class V>
class StddevOf : public Streaming<StddevOf<V>> {
public:
    static constexpr Info info{.name = "stddev",
                               .family = "statistic functions",
                               .summary = "standard deviation of a population",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 5, 2), multiplier("nbdev", 1)},
                               .outputs = {{"stddev", unit::price, 0}},
                               .formula =
                                   "nbdev * sqrt(mean of the squared deviations of the last timeperiod prices "
                                   "from their mean)",
                               .source = "TA-Lib 0.8.1 STDDEV"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit StddevOf(std::span<const double> params)
        : factor_(params[1]), window_(static_cast<std::size_t>(params[0])) {}

    void step(const V* in, V* out) noexcept {
        window_.push(in[0]);
        if (window_.full()) out[0] = root(window_.total().variance()) * factor_;
    }

    void state(auto& visit) { visit(factor_, window_); }

private:
    double factor_;
    MomentsWindowOf<V> window_;
};

using Stddev = StddevOf<double>;

}  // namespace bourse::indicators
