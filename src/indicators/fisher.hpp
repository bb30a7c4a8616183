// Fisher transform (Ehlers) and its value of the bar before.
#pragma once

#include "indicators/extremes.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Fisher : public Streaming<Fisher> {
public:
    static constexpr Info info{
        .name = "fisher",
        .family = "momentum indicators",
        .summary = "Fisher transform (Ehlers) and its value of the bar before",
        .inputs = {"high", "low"},
        .params = {period("timeperiod", 9)},
        .outputs = {{"fisher", unit::number}, {"signal", unit::number}},
        .formula =
            "0.5 ln((1+v)/(1-v)) + 0.5 * the fisher before; v = 0.66 * (place of (high+low)/2 in "
            "its range of timeperiod bars, 0..1, - 0.5) + 0.67 * v before, beyond 0.99 cut to "
            "0.999; the place is 0 where the range is; both start with 0",
        .source = "John Ehlers (2002); values of Tulip Indicators"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Fisher(std::span<const double> params) : extremes_(params[0]) {}

    void step(const double* in, double* out) noexcept {
        const double middle = (in[0] + in[1]) / 2;
        extremes_.push(middle, middle);
        if (!extremes_.full()) return;
        value_ = 0.66 * (extremes_.place(middle) / 100 - 0.5) + 0.67 * value_;
        if (value_ > 0.99) value_ = 0.999;
        if (value_ < -0.99) value_ = -0.999;
        out[1] = fisher_;
        fisher_ = 0.5 * std::log((1 + value_) / (1 - value_)) + 0.5 * fisher_;
        out[0] = fisher_;
    }

    void state(auto& visit) { visit(extremes_, value_, fisher_); }

private:
    Extremes extremes_;
    double value_ = 0, fisher_ = 0;
};

}  // namespace bourse::indicators
