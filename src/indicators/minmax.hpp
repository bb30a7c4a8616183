// Lowest and highest value of a window.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Minmax : public Streaming<Minmax> {
public:
    static constexpr Info info{.name = "minmax",
                               .family = "math operators",
                               .summary = "lowest and highest value of a window",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30, 2)},
                               .outputs = {{"min", unit::price}, {"max", unit::price}},
                               .formula = "the lowest and the highest of the last timeperiod prices",
                               .source = "TA-Lib 0.8.1 MINMAX"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Minmax(std::span<const double> params)
        : lowest_(static_cast<std::size_t>(params[0])), highest_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        lowest_.push(in[0]);
        highest_.push(in[0]);
        if (!highest_.full()) return;
        out[0] = lowest_.total().value;
        out[1] = highest_.total().value;
    }

    void state(auto& visit) { visit(lowest_, highest_); }

private:
    Window<Lowest> lowest_;
    Window<Highest> highest_;
};

}  // namespace bourse::indicators
