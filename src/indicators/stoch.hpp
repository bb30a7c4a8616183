// Slow stochastic oscillator. Source: George Lane, Lane's Stochastics (1984).
#pragma once

#include "indicators/stochastic.hpp"

namespace bourse::indicators {

template <class V>
class StochOf : public Streaming<StochOf<V>> {
public:
    static constexpr Info info{
        .name = "stoch",
        .family = "momentum indicators",
        .summary = "slow stochastic oscillator, 0..100",
        .inputs = {"high", "low", "close"},
        .params = {period("fastk_period", 5), period("slowk_period", 3), average_kind("slowk_matype", 0),
                   period("slowd_period", 3), average_kind("slowd_matype", 0)},
        .outputs = {{"k", unit::percent, 0, 100}, {"d", unit::percent, 0, 100}},
        .formula =
            "raw = (close - LL) / (HH - LL) * 100, 0 if HH = LL; HH, LL: highest high and lowest low of the last "
            "fastk_period bars; k = moving average of raw, d = moving average of k",
        .source = "TA-Lib 0.8.1 STOCH",
        .deviation =
            "where prices stand still, an average of kind 7 (mama) follows what rounding leaves, and TA-Lib's sums "
            "leave other remnants"};

    static int lookback(std::span<const double> params) { return StochasticOf<V>::lookback(params); }

    explicit StochOf(std::span<const double> params) : stochastic_(params) {}

    void step(const V* in, V* out) noexcept {
        if (!stochastic_.push(in[0], in[1], in[2])) return;
        out[0] = stochastic_.k();
        out[1] = stochastic_.d();
    }

    void state(auto& visit) { visit(stochastic_); }

private:
    StochasticOf<V> stochastic_;
};

using Stoch = StochOf<double>;

}  // namespace bourse::indicators
