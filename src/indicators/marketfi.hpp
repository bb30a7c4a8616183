// Market facilitation index (Williams).
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Marketfi : public Streaming<Marketfi> {
public:
    static constexpr Info info{.name = "marketfi",
                               .family = "volume indicators",
                               .summary = "market facilitation index (Williams)",
                               .inputs = {"high", "low", "volume"},
                               .params = {},
                               .outputs = {{"marketfi", unit::price_per_volume, 0}},
                               .formula = "(high - low) / volume, 0 where the volume is 0",
                               .source = "TA-Lib 0.8.1 MARKETFI"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Marketfi(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = in[2] == 0 ? 0 : (in[0] - in[1]) / in[2]; }
};

}  // namespace bourse::indicators
