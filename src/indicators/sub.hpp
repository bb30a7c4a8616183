// Difference of two series.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Sub : public Streaming<Sub> {
public:
    static constexpr Info info{.name = "sub",
                               .family = "math operators",
                               .summary = "difference of two series",
                               .inputs = {"price0", "price1"},
                               .params = {},
                               .outputs = {{"sub", unit::price}},
                               .formula = "price0 - price1",
                               .source = "TA-Lib 0.8.1 SUB"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Sub(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = in[0] - in[1]; }
};

}  // namespace bourse::indicators
