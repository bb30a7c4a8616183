// Arc cosine, radians.
#pragma once

#include <numbers>

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Acos : public Streaming<Acos> {
public:
    static constexpr Info info{.name = "acos",
                               .family = "math transform",
                               .summary = "arc cosine, radians",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"acos", unit::radians, 0, std::numbers::pi}},
                               .formula = "acos(price)",
                               .source = "TA-Lib 0.8.1 ACOS",
                               .undefined = "outside -1..1"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Acos(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = std::acos(in[0]); }
};

}  // namespace bourse::indicators
