// Next whole number up.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Ceil : public Streaming<Ceil> {
public:
    static constexpr Info info{.name = "ceil",
                               .family = "math transform",
                               .summary = "next whole number up",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"ceil", unit::price}},
                               .formula = "the least whole number not below price",
                               .source = "TA-Lib 0.8.1 CEIL"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Ceil(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = std::ceil(in[0]); }
};

}  // namespace bourse::indicators
