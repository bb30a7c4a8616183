// Typical price.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

template <class V>
class TyppriceOf : public Streaming<TyppriceOf<V>> {
public:
    static constexpr Info info{.name = "typprice",
                               .family = "price transform",
                               .summary = "typical price",
                               .inputs = {"high", "low", "close"},
                               .params = {},
                               .outputs = {{"typprice", unit::price}},
                               .formula = "(high + low + close) / 3",
                               .source = "TA-Lib 0.8.1 TYPPRICE"};

    static int lookback(std::span<const double>) { return 0; }

    explicit TyppriceOf(std::span<const double>) {}

    void step(const V* in, V* out) noexcept { out[0] = divided(in[0] + in[1] + in[2], 3); }
};

using Typprice = TyppriceOf<double>;

}  // namespace bourse::indicators
