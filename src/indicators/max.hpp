// Highest value of a window.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Max : public Streaming<Max> {
public:
    static constexpr Info info{.name = "max",
                               .family = "math operators",
                               .summary = "highest value of a window",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30, 2)},
                               .outputs = {{"max", unit::price}},
                               .formula = "the highest of the last timeperiod prices",
                               .source = "TA-Lib 0.8.1 MAX"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Max(std::span<const double> params) : window_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        window_.push(in[0]);
        if (window_.full()) out[0] = window_.total().value;
    }

    void state(auto& visit) { visit(window_); }

private:
    Window<Highest> window_;
};

}  // namespace bourse::indicators
