// Wilder's moving average.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"

namespace bourse::indicators {

class Rma : public Streaming<Rma> {
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

    explicit Rma(std::span<const double> params) : average_(Smoothing::wilder(static_cast<int>(params[0]))) {}

    void step(const double* in, double* out) noexcept {
        average_.push(in[0]);
        if (average_.ready()) out[0] = average_.value();
    }

private:
    Smoothing average_;
};

}  // namespace bourse::indicators
