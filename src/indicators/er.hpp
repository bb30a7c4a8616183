// Efficiency ratio (Kaufman), 0..1.
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Er : public Streaming<Er> {
public:
    static constexpr Info info{
        .name = "er",
        .family = "momentum indicators",
        .summary = "efficiency ratio (Kaufman), 0..1",
        .inputs = {"price"},
        .params = {period("timeperiod", 10)},
        .outputs = {{"er", unit::ratio, 0, 1}},
        .formula = "|change over timeperiod bars| / sum of the |one-bar changes| in them, 1 if that is 0",
        .source = "TA-Lib 0.8.1 ER"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Er(std::span<const double> params)
        : changes_(static_cast<std::size_t>(params[0])), prices_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        if (started_) changes_.push(std::fabs(in[0] - before_));
        if (prices_.full()) {
            const double path = changes_.total().sum, change = std::fabs(in[0] - prices_.oldest());
            out[0] = path == 0 ? 1 : std::min(change / path, 1.0);
        }
        prices_.push(in[0]);
        before_ = in[0];
        started_ = true;
    }

    void state(auto& visit) { visit(started_, before_, changes_, prices_); }

private:
    bool started_ = false;
    double before_ = 0;
    Window<Total> changes_;
    Delay prices_;
};

}  // namespace bourse::indicators
