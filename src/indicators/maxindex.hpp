// Bar of the highest value of a window.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/peaks.hpp"

namespace bourse::indicators {

class Maxindex : public Streaming<Maxindex> {
public:
    static constexpr Info info{
        .name = "maxindex",
        .family = "math operators",
        .summary = "bar of the highest value of a window",
        .inputs = {"price"},
        .params = {period("timeperiod", 30, 2)},
        .outputs = {{"maxindex", unit::bars, 0}},
        .formula =
            "number of the bar (without gaps, the first of the series is 0) with the highest of the "
            "last timeperiod prices; of equal ones the latest while it comes in as the highest; when that has "
            "left the window, the earliest of the next",
        .source = "TA-Lib 0.8.1 MAXINDEX"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Maxindex(std::span<const double> params) : peak_(static_cast<std::size_t>(params[0]), 1) {}

    void step(const double* in, double* out) noexcept {
        peak_.push(in[0]);
        if (peak_.full()) out[0] = peak_.bar();
    }

    void state(auto& visit) { visit(peak_); }

private:
    Peak peak_;
};

}  // namespace bourse::indicators
