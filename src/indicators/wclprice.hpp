// Weighted close.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Wclprice : public Streaming<Wclprice> {
public:
    static constexpr Info info{.name = "wclprice",
                               .family = "price transform",
                               .summary = "weighted close",
                               .inputs = {"high", "low", "close"},
                               .params = {},
                               .outputs = {{"wclprice", unit::price}},
                               .formula = "(high + low + 2*close) / 4",
                               .source = "TA-Lib 0.8.1 WCLPRICE"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Wclprice(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = (in[0] + in[1] + 2 * in[2]) / 4; }
};

}  // namespace bourse::indicators
