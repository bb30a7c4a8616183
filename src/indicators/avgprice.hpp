// Mean of the four prices.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Avgprice : public Streaming<Avgprice> {
public:
    static constexpr Info info{.name = "avgprice",
                               .family = "price transform",
                               .summary = "mean of the four prices",
                               .inputs = {"open", "high", "low", "close"},
                               .params = {},
                               .outputs = {{"avgprice", unit::price}},
                               .formula = "(open + high + low + close) / 4",
                               .source = "TA-Lib 0.8.1 AVGPRICE"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Avgprice(std::span<const double>) {}

    void step(const double* in, double* out) noexcept { out[0] = (in[0] + in[1] + in[2] + in[3]) / 4; }
};

}  // namespace bourse::indicators
