// Cosine.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Cos : public Streaming<Cos> {
public:
    static constexpr Info info{.name = "cos",
                               .family = "math transform",
                               .summary = "cosine",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"cos", unit::ratio, -1, 1}},
                               .formula = "cos(price), radians",
                               .source = "TA-Lib 0.8.1 COS"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Cos(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = std::cos(in[0]); }
};

}  // namespace bourse::indicators
