// Percentage volume oscillator.
#pragma once

#include <algorithm>

#include "indicators/average.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Pvo : public Streaming<Pvo> {
public:
    static constexpr Info info{
        .name = "pvo",
        .family = "volume indicators",
        .summary = "percentage volume oscillator",
        .inputs = {"volume"},
        .params = {period("fastperiod", 12, 2), period("slowperiod", 26, 2), average_kind("matype", 1)},
        .outputs = {{"pvo", unit::percent, -100}},
        .formula =
            "(fast average - slow average) / slow average * 100 of the volume, 0 if that is 0; a "
            "slowperiod below the fastperiod changes places with it",
        .source = "TA-Lib 0.8.1 PVO",
        .deviation =
            "where a window holds no volume, averages of kind 9 (hma) are 0; TA-Lib divides what rounding leaves of "
            "its sums"};

    static int lookback(std::span<const double> params) {
        return MovingAverage::lookback(params[2], std::max(params[0], params[1]));
    }

    explicit Pvo(std::span<const double> params)
        : fast_(params[2], std::min(params[0], params[1])), slow_(params[2], std::max(params[0], params[1])) {}

    void step(const double* in, double* out) noexcept {
        fast_.push(in[0]);
        slow_.push(in[0]);
        if (slow_.ready() && fast_.ready())
            out[0] = slow_.value() == 0 ? 0 : (fast_.value() - slow_.value()) / slow_.value() * 100;
    }

    void state(auto& visit) { visit(fast_, slow_); }

private:
    MovingAverage fast_, slow_;
};

}  // namespace bourse::indicators
