// Beta: slope of one return on another.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/pairs.hpp"

namespace bourse::indicators {

class Beta : public Streaming<Beta> {
public:
    static constexpr Info info{
        .name = "beta",
        .family = "statistic functions",
        .summary = "beta: slope of one return on another",
        .inputs = {"price0", "price1"},
        .params = {period("timeperiod", 5)},
        .outputs = {{"beta", unit::ratio}},
        .formula =
            "covariance of the one-bar returns of price0 and price1 / variance of those of price0, "
            "over the last timeperiod returns; 0 if the variance is 0; a return from 0 counts as 0",
        .source = "TA-Lib 0.8.1 BETA"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Beta(std::span<const double> params) : window_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        const Pair returns{change(in[0], before_.x), change(in[1], before_.y)};
        before_ = {in[0], in[1]};
        if (!started_) {
            started_ = true;
            return;
        }
        window_.push(returns);
        if (!window_.full()) return;
        const JointMoments moments = window_.total();
        out[0] = moments.xx == 0 ? 0 : moments.xy / moments.xx;
    }

    void state(auto& visit) { visit(started_, before_, window_); }

private:
    static double change(double price, double before) noexcept { return before == 0 ? 0 : (price - before) / before; }

    bool started_ = false;
    Pair before_{0, 0};
    Window<JointMoments, Pair> window_;
};

}  // namespace bourse::indicators
