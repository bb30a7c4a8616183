// Positive volume index.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Pvi : public Streaming<Pvi> {
public:
    static constexpr Info info{.name = "pvi",
                               .family = "volume indicators",
                               .summary = "positive volume index",
                               .inputs = {"price", "volume"},
                               .params = {},
                               .outputs = {{"pvi", unit::number, 0}},
                               .formula = "starts at 1000; times price / price before on bars whose volume rose",
                               .source = "TA-Lib 0.8.1 PVI"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Pvi(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        if (started_ && in[1] > volume_ && price_ != 0) index_ += index_ * (in[0] - price_) / price_;
        started_ = true;
        price_ = in[0];
        volume_ = in[1];
        out[0] = index_;
    }

private:
    bool started_ = false;
    double price_ = 0, volume_ = 0, index_ = 1000;
};

}  // namespace bourse::indicators
