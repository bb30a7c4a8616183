// The smoothed stochastic, the common part of STOCH and KDJ.
#pragma once

#include "indicators/average.hpp"
#include "indicators/extremes.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

// params: bars of the range, bars and kind of K's average, bars and kind of D's average.
template <class V>
class StochasticOf {
public:
    static int lookback(std::span<const double> params) {
        return static_cast<int>(params[0]) - 1 + MovingAverageOf<V>::lookback(params[2], params[1]) +
               MovingAverageOf<V>::lookback(params[4], params[3]);
    }

    explicit StochasticOf(std::span<const double> params)
        : extremes_(params[0]), k_(params[2], params[1]), d_(params[4], params[3]) {}

    // Takes one bar; true once k() and d() have values.
    bool push(const V& high, const V& low, const V& close) noexcept {
        extremes_.push(high, low);
        if (!extremes_.full()) return false;
        k_.push(extremes_.place(close));
        if (!k_.ready()) return false;
        d_.push(k_.value());
        return d_.ready();
    }
    V k() const noexcept { return k_.value(); }
    V d() const noexcept { return d_.value(); }

    void state(auto& visit) { visit(extremes_, k_, d_); }

private:
    ExtremesOf<V> extremes_;
    MovingAverageOf<V> k_, d_;
};

using Stochastic = StochasticOf<double>;

}  // namespace bourse::indicators
