// Bollinger bands. Source: John Bollinger, Bollinger on Bollinger Bands (2001).
#pragma once

#include <algorithm>

#include "indicators/average.hpp"
#include "indicators/indicator.hpp"
#include "indicators/moments.hpp"

namespace bourse::indicators {

template <class V>
class BbandsOf : public Streaming<BbandsOf<V>> {
public:
    static constexpr Info info{.name = "bbands",
                               .family = "overlap studies",
                               .summary = "Bollinger bands",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 20, 2), multiplier("nbdevup", 2),
                                          multiplier("nbdevdn", 2), average_kind("matype", 0)},
                               .outputs = {{"upper", unit::price}, {"middle", unit::price}, {"lower", unit::price}},
                               .formula =
                                   "middle: moving average; upper = middle + nbdevup*s, lower = middle - nbdevdn*s; "
                                   "s: population standard deviation of the last timeperiod prices",
                               .source = "TA-Lib 0.8.1 BBANDS"};

    static int lookback(std::span<const double> params) {
        return std::max(MovingAverageOf<V>::lookback(params[3], params[0]), static_cast<int>(params[0]) - 1);
    }

    explicit BbandsOf(std::span<const double> params)
        : up_(params[1]),
          down_(params[2]),
          simple_(params[3] == static_cast<double>(AverageKind::sma)),
          moments_(static_cast<std::size_t>(params[0])),
          average_(params[3], params[0]) {}

    void step(const V* in, V* out) noexcept {
        moments_.push(in[0]);
        if (!simple_) average_.push(in[0]);
        if (!moments_.full() || !(simple_ || average_.ready())) return;
        const MomentsOf<V> moments = moments_.total();
        const V deviation = root(moments.variance()), middle = simple_ ? moments.mean : average_.value();
        out[0] = middle + up_ * deviation;
        out[1] = middle;
        out[2] = middle - down_ * deviation;
    }

    void state(auto& visit) { visit(up_, down_, simple_, moments_, average_); }

private:
    double up_, down_;
    bool simple_;  // the middle is the mean that the deviation is taken from
    MomentsWindowOf<V> moments_;
    MovingAverageOf<V> average_;
};

using Bbands = BbandsOf<double>;

}  // namespace bourse::indicators
