// Absolute price oscillator.
#pragma once

#include <algorithm>

#include "indicators/average.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Apo : public Streaming<Apo> {
public:
    static constexpr Info info{
        .name = "apo",
        .family = "momentum indicators",
        .summary = "absolute price oscillator",
        .inputs = {"price"},
        .params = {period("fastperiod", 12), period("slowperiod", 26), average_kind("matype", 1)},
        .outputs = {{"apo", unit::price}},
        .formula =
            "fast average - slow average; a slowperiod below the fastperiod changes "
            "places with it",
        .source = "TA-Lib 0.8.1 APO"};

    static int lookback(std::span<const double> params) {
        return MovingAverage::lookback(params[2], std::max(params[0], params[1]));
    }

    explicit Apo(std::span<const double> params)
        : fast_(params[2], std::min(params[0], params[1])), slow_(params[2], std::max(params[0], params[1])) {}

    void step(const double* in, double* out) noexcept {
        fast_.push(in[0]);
        slow_.push(in[0]);
        if (slow_.ready()) out[0] = fast_.value() - slow_.value();
    }

    void state(auto& visit) { visit(fast_, slow_); }

private:
    MovingAverage fast_, slow_;
};

}  // namespace bourse::indicators
