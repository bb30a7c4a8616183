// Williams' %R. Source: Larry Williams, How I Made One Million Dollars Last Year Trading Commodities (1973).
#pragma once

#include "indicators/extremes.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

template <class V>
class WillrOf : public Streaming<WillrOf<V>> {
public:
    static constexpr Info info{
        .name = "willr",
        .family = "momentum indicators",
        .summary = "Williams' %R, -100..0",
        .inputs = {"high", "low", "close"},
        .params = {period("timeperiod", 14), profile({"talib", "tdx"})},
        .outputs = {{"willr", unit::percent, -100, 0}},
        .formula =
            "(HH - close) / (HH - LL) * -100, 0 if HH = LL; HH, LL: highest high and lowest low of "
            "the last timeperiod bars; profile tdx: * 100, so 0..100",
        .source = "TA-Lib 0.8.1 WILLR"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit WillrOf(std::span<const double> params)
        : percent_(profile_is(info, params, "tdx") ? -100 : 100), extremes_(params[0]) {}

    void step(const V* in, V* out) noexcept {
        extremes_.push(in[0], in[1]);
        if (!extremes_.full()) return;
        const V high = extremes_.highest(), low = extremes_.lowest();
        out[0] = select(negligible(high - low, magnitude(high) + magnitude(low)), 0.0,
                        (in[2] - high) / (high - low) * percent_);
    }

    void state(auto& visit) { visit(percent_, extremes_); }

private:
    double percent_;
    ExtremesOf<V> extremes_;
};

using Willr = WillrOf<double>;

}  // namespace bourse::indicators
