// Hyperbolic sine.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Sinh : public Streaming<Sinh> {
public:
    static constexpr Info info{.name = "sinh",
                               .family = "math transform",
                               .summary = "hyperbolic sine",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"sinh", unit::number}},
                               .formula = "sinh(price)",
                               .source = "TA-Lib 0.8.1 SINH",
                               .undefined = "where it overflows"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Sinh(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = std::sinh(in[0]); }
};

}  // namespace bourse::indicators
