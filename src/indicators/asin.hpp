// Arc sine, radians.
#pragma once

#include <numbers>

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Asin : public Streaming<Asin> {
public:
    static constexpr Info info{.name = "asin",
                               .family = "math transform",
                               .summary = "arc sine, radians",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"asin", unit::radians, -std::numbers::pi / 2, std::numbers::pi / 2}},
                               .formula = "asin(price)",
                               .source = "TA-Lib 0.8.1 ASIN",
                               .undefined = "outside -1..1"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Asin(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = std::asin(in[0]); }
};

}  // namespace bourse::indicators
