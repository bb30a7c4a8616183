// Hyperbolic cosine.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Cosh : public Streaming<Cosh> {
public:
    static constexpr Info info{.name = "cosh",
                               .family = "math transform",
                               .summary = "hyperbolic cosine",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"cosh", unit::number, 1}},
                               .formula = "cosh(price)",
                               .source = "TA-Lib 0.8.1 COSH",
                               .undefined = "where it overflows"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Cosh(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = std::cosh(in[0]); }
};

}  // namespace bourse::indicators
