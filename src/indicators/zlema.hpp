// Zero-lag exponential moving average.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Zlema : public Streaming<Zlema> {
public:
    static constexpr Info info{.name = "zlema",
                               .family = "overlap studies",
                               .summary = "zero-lag exponential moving average",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30, 2)},
                               .outputs = {{"zlema", unit::price}},
                               .formula =
                                   "ema of 2*price - price of (timeperiod-1)/2 bars ago; seed: mean of its first "
                                   "timeperiod values",
                               .source = "TA-Lib 0.8.1 ZLEMA"};

    static int lookback(std::span<const double> params) {
        return static_cast<int>(params[0]) - 1 + (static_cast<int>(params[0]) - 1) / 2;
    }

    explicit Zlema(std::span<const double> params)
        : lag_((static_cast<int>(params[0]) - 1) / 2),
          past_(static_cast<std::size_t>(lag_)),
          average_(Smoothing::exponential(static_cast<int>(params[0]))) {}

    void step(const double* in, double* out) noexcept {
        const bool lagged = past_.full() || lag_ == 0;
        const double before = lag_ == 0 ? in[0] : lagged ? past_.oldest() : 0;
        if (lag_ > 0) past_.push(in[0]);
        if (!lagged) return;
        average_.push(2 * in[0] - before);
        if (average_.ready()) out[0] = average_.value();
    }

    void state(auto& visit) { visit(lag_, past_, average_); }

private:
    int lag_;
    Delay past_;
    Smoothing average_;
};

}  // namespace bourse::indicators
