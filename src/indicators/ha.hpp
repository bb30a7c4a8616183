// Heikin-Ashi bars.
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Ha : public Streaming<Ha> {
public:
    static constexpr Info info{
        .name = "ha",
        .family = "price transform",
        .summary = "Heikin-Ashi bars",
        .inputs = {"open", "high", "low", "close"},
        .params = {},
        .outputs = {{"open", unit::price}, {"high", unit::price}, {"low", unit::price}, {"close", unit::price}},
        .formula =
            "close = (o+h+l+c)/4; open = mean of the Heikin-Ashi open and close before, seed "
            "(o+c)/2; high = max(h, open, close), low = min(l, open, close)",
        .source = "TA-Lib 0.8.1 HA"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Ha(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        const double close = (in[0] + in[1] + in[2] + in[3]) / 4;
        open_ = started_ ? (open_ + close_) / 2 : (in[0] + in[3]) / 2;
        started_ = true;
        close_ = close;
        out[0] = open_;
        out[1] = std::max({in[1], open_, close});
        out[2] = std::min({in[2], open_, close});
        out[3] = close;
    }

private:
    bool started_ = false;
    double open_ = 0, close_ = 0;
};

}  // namespace bourse::indicators
