// Exponential.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Exp : public Streaming<Exp> {
public:
    static constexpr Info info{.name = "exp",
                               .family = "math transform",
                               .summary = "exponential",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"exp", unit::number, 0}},
                               .formula = "e^price",
                               .source = "TA-Lib 0.8.1 EXP",
                               .undefined = "where it overflows"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Exp(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = std::exp(in[0]); }
};

}  // namespace bourse::indicators
