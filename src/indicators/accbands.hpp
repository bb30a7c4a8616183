// Acceleration bands (Headley).
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Accbands : public Streaming<Accbands> {
public:
    static constexpr Info info{
        .name = "accbands",
        .family = "overlap studies",
        .summary = "acceleration bands (Headley)",
        .inputs = {"high", "low", "close"},
        .params = {period("timeperiod", 20, 2)},
        .outputs = {{"upper", unit::price}, {"middle", unit::price}, {"lower", unit::price}},
        .formula =
            "means over timeperiod bars: upper of high * (1 + 4*(high-low)/(high+low)), middle of "
            "close, lower of low * (1 - 4*(high-low)/(high+low)); the factor is 0 where high + low "
            "is 0",
        .source = "TA-Lib 0.8.1 ACCBANDS"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Accbands(std::span<const double> params)
        : upper_(static_cast<std::size_t>(params[0])),
          middle_(static_cast<std::size_t>(params[0])),
          lower_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        const double sum = in[0] + in[1], reach = sum == 0 ? 0 : 4 * (in[0] - in[1]) / sum;
        upper_.push(in[0] * (1 + reach));
        middle_.push(in[2]);
        lower_.push(in[1] * (1 - reach));
        if (!middle_.full()) return;
        out[0] = upper_.mean();
        out[1] = middle_.mean();
        out[2] = lower_.mean();
    }

    void state(auto& visit) { visit(upper_, middle_, lower_); }

private:
    Window<Total> upper_, middle_, lower_;
};

}  // namespace bourse::indicators
