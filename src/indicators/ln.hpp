// Natural logarithm.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Ln : public Streaming<Ln> {
public:
    static constexpr Info info{.name = "ln",
                               .family = "math transform",
                               .summary = "natural logarithm",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"ln", unit::number}},
                               .formula = "ln(price)",
                               .source = "TA-Lib 0.8.1 LN",
                               .undefined = "at 0 and below"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Ln(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = std::log(in[0]); }
};

}  // namespace bourse::indicators
