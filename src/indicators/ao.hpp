// Awesome oscillator (Williams).
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Ao : public Streaming<Ao> {
public:
    static constexpr Info info{.name = "ao",
                               .family = "momentum indicators",
                               .summary = "awesome oscillator (Williams)",
                               .inputs = {"high", "low"},
                               .params = {period("fastperiod", 5), period("slowperiod", 34)},
                               .outputs = {{"ao", unit::price}},
                               .formula = "mean of (high+low)/2 over fastperiod bars - mean over slowperiod bars",
                               .source = "TA-Lib 0.8.1 AO"};

    static int lookback(std::span<const double> params) { return static_cast<int>(std::max(params[0], params[1])) - 1; }

    explicit Ao(std::span<const double> params)
        : fast_(static_cast<std::size_t>(params[0])), slow_(static_cast<std::size_t>(params[1])) {}

    void step(const double* in, double* out) noexcept {
        const double middle = (in[0] + in[1]) / 2;
        fast_.push(middle);
        slow_.push(middle);
        if (fast_.full() && slow_.full()) out[0] = fast_.mean() - slow_.mean();
    }

    void state(auto& visit) { visit(fast_, slow_); }

private:
    Window<Total> fast_, slow_;
};

}  // namespace bourse::indicators
