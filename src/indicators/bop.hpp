// Balance of power.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Bop : public Streaming<Bop> {
public:
    static constexpr Info info{.name = "bop",
                               .family = "momentum indicators",
                               .summary = "balance of power",
                               .inputs = {"open", "high", "low", "close"},
                               .params = {},
                               .outputs = {{"bop", unit::ratio, -1, 1}},
                               .formula = "(close - open) / (high - low), 0 if high = low",
                               .source = "TA-Lib 0.8.1 BOP"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Bop(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        const double range = in[1] - in[2];
        out[0] = range > 0 ? (in[3] - in[0]) / range : 0;
    }
};

}  // namespace bourse::indicators
