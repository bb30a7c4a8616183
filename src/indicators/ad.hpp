// Accumulation/distribution line (Chaikin).
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Ad : public Streaming<Ad> {
public:
    static constexpr Info info{.name = "ad",
                               .family = "volume indicators",
                               .summary = "accumulation/distribution line (Chaikin)",
                               .inputs = {"high", "low", "close", "volume"},
                               .params = {},
                               .outputs = {{"ad", unit::volume}},
                               .formula =
                                   "running sum of ((close-low) - (high-close)) / (high-low) * volume, "
                                   "nothing where high = low",
                               .source = "TA-Lib 0.8.1 AD"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Ad(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        const double range = in[0] - in[1];
        if (range > 0) total_ += ((in[2] - in[1]) - (in[0] - in[2])) / range * in[3];
        out[0] = total_;
    }

private:
    double total_ = 0;
};

}  // namespace bourse::indicators
