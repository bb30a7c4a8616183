// Moving average convergence/divergence. Source: Gerald Appel, The Moving Average Convergence-Divergence Method (1979).
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"

namespace bourse::indicators {

template <class V>
class MacdOf : public Streaming<MacdOf<V>> {
public:
    static constexpr Info info{
        .name = "macd",
        .family = "momentum indicators",
        .summary = "moving average convergence/divergence",
        .inputs = {"price"},
        .params = {period("fastperiod", 12), period("slowperiod", 26), period("signalperiod", 9),
                   profile({"talib", "tdx", "tradingview"})},
        .outputs = {{"macd", unit::price}, {"signal", unit::price}, {"hist", unit::price}},
        .formula =
            "macd = ema(fastperiod) - ema(slowperiod), both starting with the slow one's first value: the fast one "
            "is seeded with the mean of the fastperiod prices up to that bar; signal = ema(macd, signalperiod); "
            "hist = macd - signal; a slowperiod below the fastperiod changes places with it; profile tdx: every ema is "
            "seeded with its first value, hist = 2 * (macd - signal); profile tradingview: the fast ema is seeded with "
            "the mean of the first fastperiod prices",
        .source = "TA-Lib 0.8.1 MACD"};

    static int lookback(std::span<const double> params) {
        return profile_is(info, params, "tdx") ? 0 : static_cast<int>(std::max(params[0], params[1]) + params[2]) - 2;
    }

    explicit MacdOf(std::span<const double> params)
        : fast_(SmoothingOf<V>::exponential(static_cast<int>(std::min(params[0], params[1])))),
          slow_(SmoothingOf<V>::exponential(static_cast<int>(std::max(params[0], params[1])))),
          signal_(SmoothingOf<V>::exponential(static_cast<int>(params[2]))),
          fast_starts_in_(profile_is(info, params, "talib") ? static_cast<int>(std::abs(params[1] - params[0])) : 0) {
        if (!profile_is(info, params, "tdx")) return;
        for (SmoothingOf<V>* average : {&fast_, &slow_, &signal_}) *average = average->from_first();
        factor_ = 2;
    }

    void step(const V* in, V* out) noexcept {
        if (fast_starts_in_ > 0)
            --fast_starts_in_;
        else
            fast_.push(in[0]);
        slow_.push(in[0]);
        if (!slow_.ready()) return;
        const V macd = fast_.value() - slow_.value();
        signal_.push(macd);
        if (!signal_.ready()) return;
        out[0] = macd;
        out[1] = signal_.value();
        out[2] = factor_ * (macd - signal_.value());
    }

private:
    SmoothingOf<V> fast_, slow_, signal_;
    int fast_starts_in_;  // bars
    double factor_ = 1;   // of hist
};

using Macd = MacdOf<double>;

}  // namespace bourse::indicators
