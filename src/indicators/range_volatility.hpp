// What volatilities from the range of each bar have in common: the mean of a variance per bar, as that of a year.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

// Estimator::variance(in): that of one bar, from its inputs; missing when a price is 0 or below.
template <class Estimator>
class RangeVolatility : public Streaming<Estimator> {
public:
    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit RangeVolatility(std::span<const double> params)
        : per_year_(params[1]), variances_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        variances_.push(Estimator::variance(in));
        if (variances_.full()) out[0] = std::sqrt(per_year_ * variances_.mean());
    }

    void state(auto& visit) { visit(per_year_, variances_); }

private:
    double per_year_;
    Window<Total> variances_;
};

}  // namespace bourse::indicators
