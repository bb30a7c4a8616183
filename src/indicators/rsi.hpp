// Relative strength index. Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978).
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"

namespace bourse::indicators {

class Rsi : public Streaming<Rsi> {
public:
    static constexpr Info info{.name = "rsi",
                               .family = "momentum indicators",
                               .summary = "relative strength index, 0..100",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 14, 2)},
                               .outputs = {"rsi"},
                               .formula = "100*G/(G+L), 0 if G+L = 0; G, L: Wilder's averages of rises and falls; "
                                          "seed: mean of the first timeperiod changes",
                               .source = "TA-Lib 0.8.1 RSI"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Rsi(std::span<const double> params)
        : gain_(Smoothing::wilder(static_cast<int>(params[0]))), loss_(gain_) {}

    void step(const double* in, double* out) noexcept {
        const double change = started_ ? in[0] - last_ : 0;
        last_ = in[0];
        if (!started_) {
            started_ = true;
            return;
        }
        gain_.push(change > 0 ? change : 0);
        loss_.push(change < 0 ? -change : 0);
        if (!gain_.ready()) return;
        const double total = gain_.value() + loss_.value();
        out[0] = total == 0 ? 0 : 100 * (gain_.value() / total);
    }

private:
    bool started_ = false;
    double last_ = 0;
    Smoothing gain_, loss_;
};

}  // namespace bourse::indicators
