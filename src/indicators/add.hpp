// Sum of two series.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Add : public Streaming<Add> {
public:
    static constexpr Info info{.name = "add",
                               .family = "math operators",
                               .summary = "sum of two series",
                               .inputs = {"price0", "price1"},
                               .params = {},
                               .outputs = {{"add", unit::price}},
                               .formula = "price0 + price1",
                               .source = "TA-Lib 0.8.1 ADD"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Add(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = in[0] + in[1]; }
};

}  // namespace bourse::indicators
