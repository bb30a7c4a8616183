// Mass index (Dorsey).
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Massi : public Streaming<Massi> {
public:
    static constexpr Info info{
        .name = "massi",
        .family = "volatility indicators",
        .summary = "mass index (Dorsey)",
        .inputs = {"high", "low"},
        .params = {period("fastperiod", 9), period("slowperiod", 25)},
        .outputs = {{"massi", unit::number, 0}},
        .formula =
            "sum over slowperiod bars of e / ema(e, fastperiod), 0 for a bar where that is 0; e = "
            "ema(high - low, fastperiod)",
        .source = "TA-Lib 0.8.1 MASSI"};

    static int lookback(std::span<const double> params) { return static_cast<int>(2 * params[0] + params[1]) - 3; }

    explicit Massi(std::span<const double> params)
        : once_(Smoothing::exponential(static_cast<int>(params[0]))),
          twice_(once_),
          ratios_(static_cast<std::size_t>(params[1])) {}

    void step(const double* in, double* out) noexcept {
        once_.push(in[0] - in[1]);
        if (!once_.ready()) return;
        twice_.push(once_.value());
        if (!twice_.ready()) return;
        ratios_.push(twice_.value() == 0 ? 0 : once_.value() / twice_.value());
        if (ratios_.full()) out[0] = ratios_.total().sum;
    }

    void state(auto& visit) { visit(once_, twice_, ratios_); }

private:
    Smoothing once_, twice_;
    Window<Total> ratios_;
};

}  // namespace bourse::indicators
