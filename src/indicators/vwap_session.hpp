// Volume-weighted average price since the session began.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class VwapSession : public Streaming<VwapSession> {
public:
    static constexpr Info info{
        .name = "vwap_session",
        .family = "volume indicators",
        .summary = "volume-weighted average price since the session began",
        .inputs = {"high", "low", "close", "volume", "session"},
        .params = {},
        .outputs = {{"vwap", unit::price}},
        .formula =
            "as vwap, from the first bar with the same value of session on (any number that changes "
            "with the session, such as the day)",
        .source = "definition",
        .undefined = "while the volume is 0"};

    static int lookback(std::span<const double>) { return 0; }

    explicit VwapSession(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        if (!started_ || in[4] != session_) {
            flow_ = 0;
            volume_ = 0;
            started_ = true;
        }
        session_ = in[4];
        flow_ += (in[0] + in[1] + in[2]) / 3 * in[3];
        volume_ += in[3];
        out[0] = flow_ / volume_;
    }

private:
    bool started_ = false;
    double flow_ = 0, volume_ = 0, session_ = 0;
};

}  // namespace bourse::indicators
