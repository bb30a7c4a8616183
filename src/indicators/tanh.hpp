// Hyperbolic tangent.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Tanh : public Streaming<Tanh> {
public:
    static constexpr Info info{.name = "tanh",
                               .family = "math transform",
                               .summary = "hyperbolic tangent",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"tanh", unit::ratio, -1, 1}},
                               .formula = "tanh(price)",
                               .source = "TA-Lib 0.8.1 TANH"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Tanh(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = std::tanh(in[0]); }
};

}  // namespace bourse::indicators
