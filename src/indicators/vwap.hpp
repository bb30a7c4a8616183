// Volume-weighted average price since the first bar.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Vwap : public Streaming<Vwap> {
public:
    static constexpr Info info{.name = "vwap",
                               .family = "volume indicators",
                               .summary = "volume-weighted average price since the first bar",
                               .inputs = {"high", "low", "close", "volume"},
                               .params = {},
                               .outputs = {{"vwap", unit::price}},
                               .formula =
                                   "running sum of tp*volume / running sum of volume, NULL while that is 0; "
                                   "tp = (high+low+close)/3",
                               .source = "TA-Lib 0.8.1 VWAP"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Vwap(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        flow_ += (in[0] + in[1] + in[2]) / 3 * in[3];
        volume_ += in[3];
        out[0] = flow_ / volume_;
    }

private:
    double flow_ = 0, volume_ = 0;
};

}  // namespace bourse::indicators
