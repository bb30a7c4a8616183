// Fast stochastic oscillator, 0..100.
#pragma once

#include "indicators/average.hpp"
#include "indicators/extremes.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

template <class V>
class StochfOf : public Streaming<StochfOf<V>> {
public:
    static constexpr Info info{
        .name = "stochf",
        .family = "momentum indicators",
        .summary = "fast stochastic oscillator, 0..100",
        .inputs = {"high", "low", "close"},
        .params = {period("fastk_period", 5), period("fastd_period", 3), average_kind("fastd_matype", 0)},
        .outputs = {{"k", unit::percent, 0, 100}, {"d", unit::percent, 0, 100}},
        .formula =
            "k = (close - LL) / (HH - LL) * 100, 0 if HH = LL; HH, LL: highest high "
            "and lowest low of the last fastk_period bars; d = moving average of k",
        .source = "TA-Lib 0.8.1 STOCHF",
        .deviation =
            "where prices stand still, an average of kind 7 (mama) follows what rounding leaves, and TA-Lib's sums "
            "leave other remnants"};

    static int lookback(std::span<const double> params) {
        return static_cast<int>(params[0]) - 1 + MovingAverageOf<V>::lookback(params[2], params[1]);
    }

    explicit StochfOf(std::span<const double> params) : extremes_(params[0]), d_(params[2], params[1]) {}

    void step(const V* in, V* out) noexcept {
        extremes_.push(in[0], in[1]);
        if (!extremes_.full()) return;
        const V k = extremes_.place(in[2]);
        d_.push(k);
        if (!d_.ready()) return;
        out[0] = k;
        out[1] = d_.value();
    }

    void state(auto& visit) { visit(extremes_, d_); }

private:
    ExtremesOf<V> extremes_;
    MovingAverageOf<V> d_;
};

using Stochf = StochfOf<double>;

}  // namespace bourse::indicators
