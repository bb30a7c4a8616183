// Chaikin's volatility, percent.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Cvi : public Streaming<Cvi> {
public:
    static constexpr Info info{.name = "cvi",
                               .family = "volatility indicators",
                               .summary = "Chaikin's volatility, percent",
                               .inputs = {"high", "low"},
                               .params = {period("timeperiod", 10), period("rocperiod", 10)},
                               .outputs = {{"cvi", unit::percent, -100}},
                               .formula =
                                   "100 * (e - e of rocperiod bars ago) / e of rocperiod bars ago, 0 if that is 0; e = "
                                   "ema(high - low, timeperiod)",
                               .source = "TA-Lib 0.8.1 CVI"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0] + params[1]) - 1; }

    explicit Cvi(std::span<const double> params)
        : average_(Smoothing::exponential(static_cast<int>(params[0]))), past_(static_cast<std::size_t>(params[1])) {}

    void step(const double* in, double* out) noexcept {
        average_.push(in[0] - in[1]);
        if (!average_.ready()) return;
        const double now = average_.value();
        if (past_.full()) out[0] = past_.oldest() == 0 ? 0 : 100 * (now - past_.oldest()) / past_.oldest();
        past_.push(now);
    }

    void state(auto& visit) { visit(average_, past_); }

private:
    Smoothing average_;
    Delay past_;
};

}  // namespace bourse::indicators
