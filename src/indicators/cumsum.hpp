// Running sum.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Cumsum : public Streaming<Cumsum> {
public:
    static constexpr Info info{.name = "cumsum",
                               .family = "math operators",
                               .summary = "running sum",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"cumsum", unit::price}},
                               .formula = "sum of all prices since the first bar",
                               .source = "TA-Lib 0.8.1 CUMSUM"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Cumsum(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = sum_ += in[0]; }

private:
    double sum_ = 0;
};

}  // namespace bourse::indicators
