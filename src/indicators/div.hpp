// Ratio of two series.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Div : public Streaming<Div> {
public:
    static constexpr Info info{.name = "div",
                               .family = "math operators",
                               .summary = "ratio of two series",
                               .inputs = {"price0", "price1"},
                               .params = {},
                               .outputs = {{"div", unit::ratio}},
                               .formula = "price0 / price1",
                               .source = "TA-Lib 0.8.1 DIV",
                               .undefined = "where price1 is 0"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Div(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = in[0] / in[1]; }
};

}  // namespace bourse::indicators
