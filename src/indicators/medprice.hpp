// Middle of the bar.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Medprice : public Streaming<Medprice> {
public:
    static constexpr Info info{.name = "medprice",
                               .family = "price transform",
                               .summary = "middle of the bar",
                               .inputs = {"high", "low"},
                               .params = {},
                               .outputs = {{"medprice", unit::price}},
                               .formula = "(high + low) / 2",
                               .source = "TA-Lib 0.8.1 MEDPRICE"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Medprice(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = (in[0] + in[1]) / 2; }
};

}  // namespace bourse::indicators
