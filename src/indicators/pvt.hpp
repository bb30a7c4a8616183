// Price volume trend.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Pvt : public Streaming<Pvt> {
public:
    static constexpr Info info{
        .name = "pvt",
        .family = "volume indicators",
        .summary = "price volume trend",
        .inputs = {"price", "volume"},
        .params = {},
        .outputs = {{"pvt", unit::volume}},
        .formula = "running sum, from 0, of volume * change / price before; nothing where that is 0",
        .source = "TA-Lib 0.8.1 PVT"};

    static int lookback(std::span<const double>) { return 0; }

    explicit Pvt(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        if (started_ && before_ != 0) sum_ += in[1] * (in[0] - before_) / before_;
        started_ = true;
        before_ = in[0];
        out[0] = sum_;
    }

private:
    bool started_ = false;
    double before_ = 0, sum_ = 0;
};

}  // namespace bourse::indicators
