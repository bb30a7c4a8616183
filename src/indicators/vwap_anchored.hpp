// Volume-weighted average price since the last anchor.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class VwapAnchored : public Streaming<VwapAnchored> {
public:
    static constexpr Info info{.name = "vwap_anchored",
                               .family = "volume indicators",
                               .summary = "volume-weighted average price since the last anchor",
                               .inputs = {"high", "low", "close", "volume", "anchor"},
                               .params = {},
                               .outputs = {{"vwap", unit::price}},
                               .formula = "as vwap, from the last bar whose anchor is not 0 on",
                               .source = "definition",
                               .undefined = "before the first anchor and while the volume is 0"};

    static int lookback(std::span<const double>) { return 0; }

    explicit VwapAnchored(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        if (in[4] != 0) {
            flow_ = 0;
            volume_ = 0;
            started_ = true;
        }
        if (!started_) return;
        flow_ += (in[0] + in[1] + in[2]) / 3 * in[3];
        volume_ += in[3];
        out[0] = flow_ / volume_;
    }

private:
    bool started_ = false;
    double flow_ = 0, volume_ = 0;
};

}  // namespace bourse::indicators
