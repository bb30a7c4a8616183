// Square root.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Sqrt : public Streaming<Sqrt> {
public:
    static constexpr Info info{.name = "sqrt",
                               .family = "math transform",
                               .summary = "square root",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"sqrt", unit::number, 0}},
                               .formula = "the root of price",
                               .source = "TA-Lib 0.8.1 SQRT",
                               .undefined = "below 0"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Sqrt(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = std::sqrt(in[0]); }
};

}  // namespace bourse::indicators
