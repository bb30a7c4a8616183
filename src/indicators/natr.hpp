// Average true range in percent of the close.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"
#include "indicators/true_range.hpp"

namespace bourse::indicators {

template <class V>
class NatrOf : public Streaming<NatrOf<V>> {
public:
    static constexpr Info info{.name = "natr",
                               .family = "volatility indicators",
                               .summary = "average true range in percent of the close",
                               .inputs = {"high", "low", "close"},
                               .params = {period("timeperiod", 14)},
                               .outputs = {{"natr", unit::percent, 0}},
                               .formula = "100 * atr / close, 0 if the close is 0",
                               .source = "TA-Lib 0.8.1 NATR",
                               .deviation = "for a timeperiod of 1 TA-Lib gives the bare true range, not in percent"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit NatrOf(std::span<const double> params) : average_(SmoothingOf<V>::wilder(static_cast<int>(params[0]))) {}

    void step(const V* in, V* out) noexcept {
        const V range = range_.push(in[0], in[1], in[2]);
        if (!range_.known()) return;
        average_.push(range);
        if (average_.ready()) out[0] = select(in[2] == 0.0, 0.0, average_.value() / in[2] * 100.0);
    }

private:
    TrueRangeOf<V> range_;
    SmoothingOf<V> average_;
};

using Natr = NatrOf<double>;

}  // namespace bourse::indicators
