// Percentage price oscillator.
#pragma once

#include <algorithm>

#include "indicators/average.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Ppo : public Streaming<Ppo> {
public:
    static constexpr Info info{
        .name = "ppo",
        .family = "momentum indicators",
        .summary = "percentage price oscillator",
        .inputs = {"price"},
        .params = {period("fastperiod", 12), period("slowperiod", 26), average_kind("matype", 1)},
        .outputs = {{"ppo", unit::percent}},
        .formula =
            "(fast average - slow average) / slow average * 100, 0 if that is 0; a "
            "slowperiod below the fastperiod changes places with it",
        .source = "TA-Lib 0.8.1 PPO"};

    static int lookback(std::span<const double> params) {
        return MovingAverage::lookback(params[2], std::max(params[0], params[1]));
    }

    explicit Ppo(std::span<const double> params)
        : fast_(params[2], std::min(params[0], params[1])), slow_(params[2], std::max(params[0], params[1])) {}

    void step(const double* in, double* out) noexcept {
        fast_.push(in[0]);
        slow_.push(in[0]);
        if (slow_.ready()) out[0] = slow_.value() == 0 ? 0 : (fast_.value() - slow_.value()) / slow_.value() * 100;
    }

    void state(auto& visit) { visit(fast_, slow_); }

private:
    MovingAverage fast_, slow_;
};

}  // namespace bourse::indicators
