// The smoothed stochastic, the common part of STOCH and KDJ.
#pragma once

#include "indicators/average.hpp"
#include "indicators/extremes.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

// params: bars of the range, bars and kind of K's average, bars and kind of D's average.
class Stochastic {
public:
    static int lookback(std::span<const double> params) {
        return static_cast<int>(params[0]) - 1 + MovingAverage::lookback(params[2], params[1]) +
               MovingAverage::lookback(params[4], params[3]);
    }

    explicit Stochastic(std::span<const double> params)
        : extremes_(params[0]), k_(params[2], params[1]), d_(params[4], params[3]) {}

    // Takes one bar; true once k() and d() have values.
    bool push(double high, double low, double close) noexcept {
        extremes_.push(high, low);
        if (!extremes_.full()) return false;
        k_.push(extremes_.place(close));
        if (!k_.ready()) return false;
        d_.push(k_.value());
        return d_.ready();
    }
    double k() const noexcept { return k_.value(); }
    double d() const noexcept { return d_.value(); }

    void state(auto& visit) { visit(extremes_, k_, d_); }

private:
    Extremes extremes_;
    MovingAverage k_, d_;
};

}  // namespace bourse::indicators
