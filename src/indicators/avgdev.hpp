// Mean absolute deviation.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/moments.hpp"

namespace bourse::indicators {

// A bar costs O(timeperiod): the deviations move with the mean.
class Avgdev : public Streaming<Avgdev> {
public:
    static constexpr Info info{.name = "avgdev",
                               .family = "statistic functions",
                               .summary = "mean absolute deviation",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 14, 2)},
                               .outputs = {{"avgdev", unit::price, 0}},
                               .formula = "mean of |price - m| over the last timeperiod prices, m their mean",
                               .source = "TA-Lib 0.8.1 AVGDEV"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Avgdev(std::span<const double> params) : window_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        window_.push(in[0]);
        if (!window_.full()) return;
        const Moments moments = window_.total();
        double apart = 0;
        for (const double x : window_.values()) apart += std::fabs(x - moments.mean);
        out[0] = apart / moments.count;
    }

    void state(auto& visit) { visit(window_); }

private:
    MomentsWindow window_;
};

}  // namespace bourse::indicators
