// Pearson's correlation of two series, -1..1.
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"
#include "indicators/pairs.hpp"

namespace bourse::indicators {

class Correl : public Streaming<Correl> {
public:
    static constexpr Info info{
        .name = "correl",
        .family = "statistic functions",
        .summary = "Pearson's correlation of two series, -1..1",
        .inputs = {"price0", "price1"},
        .params = {period("timeperiod", 30)},
        .outputs = {{"correl", unit::ratio, -1, 1}},
        .formula =
            "covariance / product of the standard deviations over the last timeperiod bars, 0 if "
            "that is 0",
        .source = "TA-Lib 0.8.1 CORREL"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Correl(std::span<const double> params) : window_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        window_.push({in[0], in[1]});
        if (!window_.full()) return;
        const JointMoments moments = window_.total();
        const double scale = std::sqrt(moments.xx) * std::sqrt(moments.yy);
        out[0] = scale == 0 ? 0 : std::clamp(moments.xy / scale, -1.0, 1.0);
    }

    void state(auto& visit) { visit(window_); }

private:
    Window<JointMoments, Pair> window_;
};

}  // namespace bourse::indicators
