// Tangent.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Tan : public Streaming<Tan> {
public:
    static constexpr Info info{.name = "tan",
                               .family = "math transform",
                               .summary = "tangent",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"tan", unit::number}},
                               .formula = "tan(price), radians",
                               .source = "TA-Lib 0.8.1 TAN"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Tan(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = std::tan(in[0]); }
};

}  // namespace bourse::indicators
