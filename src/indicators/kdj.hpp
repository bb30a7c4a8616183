// KDJ: the stochastic oscillator with Wilder's smoothing and the line J.
#pragma once

#include "indicators/extremes.hpp"
#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"
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
                   period("slowd_period", 3), average_kind("slowd_matype", 13),
                   profile({"talib", "tdx", "mytt", "textbook"})},
        .outputs = {{"k", unit::percent, 0, 100}, {"d", unit::percent, 0, 100}, {"j", unit::percent}},
        .formula =
            "raw = (close - LL) / (HH - LL) * 100, 0 if HH = LL; HH, LL: highest high and lowest low of the last "
            "fastk_period bars; k = 2/3 k + 1/3 raw, d = 2/3 d + 1/3 k (for periods of 3), j = 3k - 2d; seeds: means "
            "of "
            "the first slowk_period raw values and of the first slowd_period values of k; the other profiles carry raw "
            "where HH = LL and take no matype; textbook seeds k and d with 50, mytt with the first raw value, tdx does "
            "so from the first bar on, over as many bars as there are; equal to 1e-9 after some 60 bars",
        .source = "TA-Lib 0.8.1 KDJ",
        .deviation =
            "where prices stand still, an average of kind 7 (mama) follows what rounding leaves, and TA-Lib's sums "
            "leave other remnants"};

    static int lookback(std::span<const double> params) {
        if (profile_is(info, params, "tdx")) return 0;
        if (!profile_is(info, params, "talib")) return static_cast<int>(params[0]) - 1;
        return Stochastic::lookback(params);
    }

    explicit Kdj(std::span<const double> params)
        : talib_(profile_is(info, params, "talib")),
          expanding_(profile_is(info, params, "tdx")),
          stochastic_(params),
          extremes_(params[0]),
          k_(Smoothing::wilder(static_cast<int>(params[1])).from_first()),
          d_(Smoothing::wilder(static_cast<int>(params[3])).from_first()) {
        if (!profile_is(info, params, "textbook")) return;
        k_.push(50);
        d_.push(50);
    }

    void step(const double* in, double* out) noexcept {
        if (talib_) {
            if (stochastic_.push(in[0], in[1], in[2])) write(stochastic_.k(), stochastic_.d(), out);
            return;
        }
        extremes_.push(in[0], in[1]);
        if (!(extremes_.full() || expanding_)) return;
        if (extremes_.highest() != extremes_.lowest()) raw_ = extremes_.place(in[2]);
        k_.push(raw_);
        d_.push(k_.value());
        write(k_.value(), d_.value(), out);
    }

    void state(auto& visit) { visit(talib_, expanding_, stochastic_, extremes_, k_, d_, raw_); }

private:
    static void write(double k, double d, double* out) noexcept {
        out[0] = k;
        out[1] = d;
        out[2] = 3 * k - 2 * d;
    }

    bool talib_, expanding_;
    Stochastic stochastic_;
    Extremes extremes_;
    Smoothing k_, d_;
    double raw_ = 50;
};

}  // namespace bourse::indicators
