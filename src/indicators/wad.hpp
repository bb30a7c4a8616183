// Williams' accumulation/distribution.
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Wad : public Streaming<Wad> {
public:
    static constexpr Info info{.name = "wad",
                               .family = "momentum indicators",
                               .summary = "Williams' accumulation/distribution",
                               .inputs = {"high", "low", "close"},
                               .params = {},
                               .outputs = {{"wad", unit::price}},
                               .formula =
                                   "running sum, from 0: close - min(low, close before) where the close rose, close - "
                                   "max(high, close before) where it fell",
                               .source = "TA-Lib 0.8.1 WAD"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Wad(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        if (started_) {
            if (in[2] > before_) sum_ += in[2] - std::min(in[1], before_);
            if (in[2] < before_) sum_ += in[2] - std::max(in[0], before_);
        }
        before_ = in[2];
        started_ = true;
        out[0] = sum_;
    }

private:
    bool started_ = false;
    double before_ = 0, sum_ = 0;
};

}  // namespace bourse::indicators
