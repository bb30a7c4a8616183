// Qstick: mean of the bodies (Chande).
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Qstick : public Streaming<Qstick> {
public:
    static constexpr Info info{.name = "qstick",
                               .family = "momentum indicators",
                               .summary = "Qstick: mean of the bodies (Chande)",
                               .inputs = {"open", "close"},
                               .params = {period("timeperiod", 10)},
                               .outputs = {{"qstick", unit::price}},
                               .formula = "mean of close - open over the last timeperiod bars",
                               .source = "TA-Lib 0.8.1 QSTICK"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Qstick(std::span<const double> params) : bodies_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        bodies_.push(in[1] - in[0]);
        if (bodies_.full()) out[0] = bodies_.mean();
    }

    void state(auto& visit) { visit(bodies_); }

private:
    Window<Total> bodies_;
};

}  // namespace bourse::indicators
