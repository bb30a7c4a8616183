// Middle between the highest and the lowest price.
#pragma once

#include "indicators/extremes.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

template <class V>
class MidpointOf : public Streaming<MidpointOf<V>> {
public:
    static constexpr Info info{.name = "midpoint",
                               .family = "overlap studies",
                               .summary = "middle between the highest and the lowest price",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 14)},
                               .outputs = {{"midpoint", unit::price}},
                               .formula = "(highest + lowest of the last timeperiod prices) / 2",
                               .source = "TA-Lib 0.8.1 MIDPOINT"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit MidpointOf(std::span<const double> params) : extremes_(params[0]) {}

    void step(const V* in, V* out) noexcept {
        extremes_.push(in[0], in[0]);
        if (extremes_.full()) out[0] = (extremes_.highest() + extremes_.lowest()) / 2;
    }

    void state(auto& visit) { visit(extremes_); }

private:
    ExtremesOf<V> extremes_;
};

using Midpoint = MidpointOf<double>;

}  // namespace bourse::indicators
