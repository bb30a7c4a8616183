// Middle between the highest high and the lowest low.
#pragma once

#include "indicators/extremes.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

template <class V>
class MidpriceOf : public Streaming<MidpriceOf<V>> {
public:
    static constexpr Info info{.name = "midprice",
                               .family = "overlap studies",
                               .summary = "middle between the highest high and the lowest low",
                               .inputs = {"high", "low"},
                               .params = {period("timeperiod", 14)},
                               .outputs = {{"midprice", unit::price}},
                               .formula = "(highest high + lowest low of the last timeperiod bars) / 2",
                               .source = "TA-Lib 0.8.1 MIDPRICE"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit MidpriceOf(std::span<const double> params) : extremes_(params[0]) {}

    void step(const V* in, V* out) noexcept {
        extremes_.push(in[0], in[1]);
        if (extremes_.full()) out[0] = (extremes_.highest() + extremes_.lowest()) / 2;
    }

    void state(auto& visit) { visit(extremes_); }

private:
    ExtremesOf<V> extremes_;
};

using Midprice = MidpriceOf<double>;

}  // namespace bourse::indicators
