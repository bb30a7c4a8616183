// Sine.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Sin : public Streaming<Sin> {
public:
    static constexpr Info info{.name = "sin",
                               .family = "math transform",
                               .summary = "sine",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"sin", unit::ratio, -1, 1}},
                               .formula = "sin(price), radians",
                               .source = "TA-Lib 0.8.1 SIN"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Sin(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = std::sin(in[0]); }
};

}  // namespace bourse::indicators
