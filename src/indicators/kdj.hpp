// KDJ: the stochastic oscillator with Wilder's smoothing and the line J.
#pragma once

#include "indicators/stochastic.hpp"

namespace bourse::indicators {

class Kdj : public Streaming<Kdj> {
public:
    static constexpr Info info{
        .name = "kdj",
        .family = "momentum indicators",
        .summary = "KDJ: smoothed stochastic k and d, 0..100, and j, unbounded",
        .inputs = {"high", "low", "close"},
        .params = {period("fastk_period", 9), period("slowk_period", 3), average_kind("slowk_matype", 13),
                   period("slowd_period", 3), average_kind("slowd_matype", 13)},
        .outputs = {"k", "d", "j"},
        .formula =
            "raw = (close - LL) / (HH - LL) * 100, 0 if HH = LL; HH, LL: highest high and lowest low of the last "
            "fastk_period bars; k = 2/3 k + 1/3 raw, d = 2/3 d + 1/3 k (for periods of 3), j = 3k - 2d; seeds: means "
            "of "
            "the first slowk_period raw values and of the first slowd_period values of k",
        .source =
            "TA-Lib 0.8.1 KDJ; textbooks seed k and d with 50, MyTT with the first raw value: equal to 1e-9 after some "
            "60 bars"};

    static int lookback(std::span<const double> params) { return Stochastic::lookback(params); }

    explicit Kdj(std::span<const double> params) : stochastic_(params) {}

    void step(const double* in, double* out) noexcept {
        if (!stochastic_.push(in[0], in[1], in[2])) return;
        out[0] = stochastic_.k();
        out[1] = stochastic_.d();
        out[2] = 3 * stochastic_.k() - 2 * stochastic_.d();
    }

private:
    Stochastic stochastic_;
};

}  // namespace bourse::indicators
