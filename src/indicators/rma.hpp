// Wilder's moving average.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"

namespace bourse::indicators {

template <class V>
class RmaOf : public Streaming<RmaOf<V>> {
public:
    static constexpr Info info{.name = "rma",
                               .family = "overlap studies",
                               .summary = "Wilder's moving average",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30)},
                               .outputs = {{"rma", unit::price}},
                               .formula =
                                   "rma + (price - rma) / timeperiod; seed: mean of the first timeperiod "
                                   "prices",
                               .source = "TA-Lib 0.8.1 RMA"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit RmaOf(std::span<const double> params) : average_(SmoothingOf<V>::wilder(static_cast<int>(params[0]))) {}

    void step(const V* in, V* out) noexcept {
        average_.push(in[0]);
        if (average_.ready()) out[0] = average_.value();
    }

private:
    SmoothingOf<V> average_;
};

using Rma = RmaOf<double>;

}  // namespace bourse::indicators
