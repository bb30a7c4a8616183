// Arc tangent, radians.
#pragma once

#include <numbers>

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Atan : public Streaming<Atan> {
public:
    static constexpr Info info{.name = "atan",
                               .family = "math transform",
                               .summary = "arc tangent, radians",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"atan", unit::radians, -std::numbers::pi / 2, std::numbers::pi / 2}},
                               .formula = "atan(price)",
                               .source = "TA-Lib 0.8.1 ATAN"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Atan(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = std::atan(in[0]); }
};

}  // namespace bourse::indicators
