// Double exponential moving average.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"

namespace bourse::indicators {

template <class V>
class DemaOf : public Streaming<DemaOf<V>> {
public:
    static constexpr Info info{.name = "dema",
                               .family = "overlap studies",
                               .summary = "double exponential moving average",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30)},
                               .outputs = {{"dema", unit::price}},
                               .formula =
                                   "2*e - ema(e), e = ema(price), each seeded with the mean of its first "
                                   "timeperiod values",
                               .source = "TA-Lib 0.8.1 DEMA"};

    static int lookback(std::span<const double> params) { return 2 * (static_cast<int>(params[0]) - 1); }

    explicit DemaOf(std::span<const double> params)
        : once_(SmoothingOf<V>::exponential(static_cast<int>(params[0]))), twice_(once_) {}

    void step(const V* in, V* out) noexcept {
        once_.push(in[0]);
        if (!once_.ready()) return;
        twice_.push(once_.value());
        if (twice_.ready()) out[0] = 2 * once_.value() - twice_.value();
    }

private:
    SmoothingOf<V> once_, twice_;
};

using Dema = DemaOf<double>;

}  // namespace bourse::indicators
