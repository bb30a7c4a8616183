// Average true range. Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978).
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"
#include "indicators/true_range.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

template <class V>
class AtrOf : public Streaming<AtrOf<V>> {
public:
    static constexpr Info info{.name = "atr",
                               .family = "volatility indicators",
                               .summary = "average true range, in the unit of the prices",
                               .inputs = {"high", "low", "close"},
                               .params = {period("timeperiod", 14), profile({"talib", "tdx"})},
                               .outputs = {{"atr", unit::price, 0}},
                               .formula =
                                   "Wilder's average of max(h-l, |h-c1|, |l-c1|), c1 the close before, from the second "
                                   "bar on; seed: mean of the first timeperiod true ranges; profile tdx: plain mean of "
                                   "the last timeperiod true ranges",
                               .source = "TA-Lib 0.8.1 ATR"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit AtrOf(std::span<const double> params)
        : simple_(profile_is(info, params, "tdx")),
          average_(SmoothingOf<V>::wilder(static_cast<int>(params[0]))),
          plain_(static_cast<std::size_t>(params[0])) {}

    void step(const V* in, V* out) noexcept {
        const V range = range_.push(in[0], in[1], in[2]);
        if (!range_.known()) return;
        average_.push(range);
        if (simple_) plain_.push(range);
        if (average_.ready()) out[0] = simple_ ? plain_.mean() : average_.value();
    }

    void state(auto& visit) { visit(simple_, range_, average_, plain_); }

private:
    bool simple_;
    TrueRangeOf<V> range_;
    SmoothingOf<V> average_;
    Window<TotalOf<V>, V> plain_;
};

using Atr = AtrOf<double>;

}  // namespace bourse::indicators
