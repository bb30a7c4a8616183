// Bars of the lowest and the highest value of a window.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/peaks.hpp"

namespace bourse::indicators {

class Minmaxindex : public Streaming<Minmaxindex> {
public:
    static constexpr Info info{.name = "minmaxindex",
                               .family = "math operators",
                               .summary = "bars of the lowest and the highest value of a window",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30, 2)},
                               .outputs = {{"minidx", unit::bars, 0}, {"maxidx", unit::bars, 0}},
                               .formula = "as minindex and maxindex",
                               .source = "TA-Lib 0.8.1 MINMAXINDEX"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Minmaxindex(std::span<const double> params)
        : lowest_(static_cast<std::size_t>(params[0]), -1), highest_(static_cast<std::size_t>(params[0]), 1) {}

    void step(const double* in, double* out) noexcept {
        lowest_.push(in[0]);
        highest_.push(in[0]);
        if (!highest_.full()) return;
        out[0] = lowest_.bar();
        out[1] = highest_.bar();
    }

    void state(auto& visit) { visit(lowest_, highest_); }

private:
    Peak lowest_, highest_;
};

}  // namespace bourse::indicators
