// On balance volume. Source: Joseph Granville, New Key to Stock Market Profits (1963).
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Obv : public Streaming<Obv> {
public:
    static constexpr Info info{
        .name = "obv",
        .family = "volume indicators",
        .summary = "on balance volume",
        .inputs = {"price", "volume"},
        .params = {},
        .outputs = {{"obv", unit::volume}},
        .formula =
            "running sum of the volume, negative where the price fell, left out where it stayed; "
            "seed: the first volume",
        .source = "TA-Lib 0.8.1 OBV"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Obv(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        const double price = in[0], volume = in[1];
        if (!started_ || price > before_)
            total_ += volume;
        else if (price < before_)
            total_ -= volume;
        started_ = true;
        before_ = price;
        out[0] = total_;
    }

private:
    bool started_ = false;
    double before_ = 0, total_ = 0;
};

}  // namespace bourse::indicators
