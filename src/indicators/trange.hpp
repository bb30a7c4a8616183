// True range.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/true_range.hpp"

namespace bourse::indicators {

template <class V>
class TrangeOf : public Streaming<TrangeOf<V>> {
public:
    static constexpr Info info{.name = "trange",
                               .family = "volatility indicators",
                               .summary = "true range",
                               .inputs = {"high", "low", "close"},
                               .params = {},
                               .outputs = {{"trange", unit::price, 0}},
                               .formula = "max(h-l, |h-c1|, |l-c1|), c1 the close before",
                               .source = "TA-Lib 0.8.1 TRANGE"};

    static int lookback(std::span<const double>) { return 1; }

    explicit TrangeOf(std::span<const double>) {}

    void step(const V* in, V* out) noexcept { out[0] = range_.push(in[0], in[1], in[2]); }

private:
    TrueRangeOf<V> range_;
};

using Trange = TrangeOf<double>;

}  // namespace bourse::indicators
