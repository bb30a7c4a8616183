// Exponential moving average.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"

namespace bourse::indicators {

template <class V>
class EmaOf : public Streaming<EmaOf<V>> {
public:
    static constexpr Info info{.name = "ema",
                               .family = "overlap studies",
                               .summary = "exponential moving average",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30), profile({"talib", "tdx"})},
                               .outputs = {{"ema", unit::price}},
                               .formula =
                                   "ema + 2/(timeperiod+1) * (price - ema); seed: mean of the first timeperiod prices, "
                                   "profile tdx: the first price",
                               .source = "TA-Lib 0.8.1 EMA"};

    static int lookback(std::span<const double> params) {
        return profile_is(info, params, "tdx") ? 0 : static_cast<int>(params[0]) - 1;
    }

    explicit EmaOf(std::span<const double> params)
        : average_(SmoothingOf<V>::exponential(static_cast<int>(params[0]))) {
        if (profile_is(info, params, "tdx")) average_ = average_.from_first();
    }

    void step(const V* in, V* out) noexcept {
        average_.push(in[0]);
        if (average_.ready()) out[0] = average_.value();
    }

private:
    SmoothingOf<V> average_;
};

using Ema = EmaOf<double>;

}  // namespace bourse::indicators
