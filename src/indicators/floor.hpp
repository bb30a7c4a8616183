// Next whole number down.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Floor : public Streaming<Floor> {
public:
    static constexpr Info info{.name = "floor",
                               .family = "math transform",
                               .summary = "next whole number down",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"floor", unit::price}},
                               .formula = "the greatest whole number not above price",
                               .source = "TA-Lib 0.8.1 FLOOR"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Floor(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = std::floor(in[0]); }
};

}  // namespace bourse::indicators
