// Product of two series.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Mult : public Streaming<Mult> {
public:
    static constexpr Info info{.name = "mult",
                               .family = "math operators",
                               .summary = "product of two series",
                               .inputs = {"price0", "price1"},
                               .params = {},
                               .outputs = {{"mult", unit::price_squared}},
                               .formula = "price0 * price1",
                               .source = "TA-Lib 0.8.1 MULT"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Mult(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = in[0] * in[1]; }
};

}  // namespace bourse::indicators
