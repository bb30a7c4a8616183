// Elder ray: bull and bear power.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"

namespace bourse::indicators {

class Eri : public Streaming<Eri> {
public:
    static constexpr Info info{.name = "eri",
                               .family = "momentum indicators",
                               .summary = "Elder ray: bull and bear power",
                               .inputs = {"high", "low", "close"},
                               .params = {period("timeperiod", 13)},
                               .outputs = {{"bull", unit::price}, {"bear", unit::price}},
                               .formula = "bull = high - e, bear = low - e, e = ema(close, timeperiod)",
                               .source = "TA-Lib 0.8.1 ERI"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Eri(std::span<const double> params) : average_(Smoothing::exponential(static_cast<int>(params[0]))) {}

    void step(const double* in, double* out) noexcept {
        average_.push(in[2]);
        if (!average_.ready()) return;
        out[0] = in[0] - average_.value();
        out[1] = in[1] - average_.value();
    }

private:
    Smoothing average_;
};

}  // namespace bourse::indicators
