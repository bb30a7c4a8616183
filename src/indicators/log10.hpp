// Logarithm to base 10.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Log10 : public Streaming<Log10> {
public:
    static constexpr Info info{.name = "log10",
                               .family = "math transform",
                               .summary = "logarithm to base 10",
                               .inputs = {"price"},
                               .params = {},
                               .outputs = {{"log10", unit::number}},
                               .formula = "log10(price)",
                               .source = "TA-Lib 0.8.1 LOG10",
                               .undefined = "at 0 and below"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Log10(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = std::log10(in[0]); }
};

}  // namespace bourse::indicators
