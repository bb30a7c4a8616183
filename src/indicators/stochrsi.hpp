// Stochastic oscillator of the relative strength index, 0..100.
#pragma once

#include "indicators/average.hpp"
#include "indicators/extremes.hpp"
#include "indicators/indicator.hpp"
#include "indicators/moves.hpp"

namespace bourse::indicators {

class Stochrsi : public Streaming<Stochrsi> {
public:
    static constexpr Info info{
        .name = "stochrsi",
        .family = "momentum indicators",
        .summary = "stochastic oscillator of the relative strength index, 0..100",
        .inputs = {"price"},
        .params = {period("timeperiod", 14, 2), period("fastk_period", 5), period("fastd_period", 3),
                   average_kind("fastd_matype", 0), profile({"talib", "tradingview"})},
        .outputs = {{"k", unit::percent, 0, 100}, {"d", unit::percent, 0, 100}},
        .formula =
            "r = rsi(price, timeperiod); k = (r - L) / (H - L) * 100, 0 if H = L; H, "
            "L: highest and lowest r of the last fastk_period bars; d = moving average "
            "of k; profile tradingview: k is that average, d the average of it",
        .source = "TA-Lib 0.8.1 STOCHRSI",
        .deviation =
            "where prices stand still, averages of kind 6 (kama) and 7 (mama) follow what rounding leaves, and "
            "TA-Lib's sums leave other remnants"};

    static int lookback(std::span<const double> params) {
        return static_cast<int>(params[0] + params[1]) - 1 +
               (profile_is(info, params, "tradingview") ? 2 : 1) * MovingAverage::lookback(params[3], params[2]);
    }

    explicit Stochrsi(std::span<const double> params)
        : moves_(static_cast<int>(params[0])),
          extremes_(params[1]),
          d_(params[3], params[2]),
          twice_(d_),
          smooth_(profile_is(info, params, "tradingview")) {}

    void step(const double* in, double* out) noexcept {
        if (!moves_.push(in[0])) return;
        const double rsi = moves_.rsi();
        extremes_.push(rsi, rsi);
        if (!extremes_.full()) return;
        const double k = extremes_.place(rsi);
        d_.push(k);
        if (!d_.ready()) return;
        if (smooth_) {
            twice_.push(d_.value());
            if (!twice_.ready()) return;
        }
        out[0] = smooth_ ? d_.value() : k;
        out[1] = smooth_ ? twice_.value() : d_.value();
    }

    void state(auto& visit) { visit(moves_, extremes_, d_, twice_, smooth_); }

private:
    Moves moves_;
    Extremes extremes_;
    MovingAverage d_, twice_;
    bool smooth_;
};

}  // namespace bourse::indicators
