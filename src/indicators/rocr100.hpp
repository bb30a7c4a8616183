// Rate of change as a ratio in percent.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Rocr100 : public Streaming<Rocr100> {
public:
    static constexpr Info info{.name = "rocr100",
                               .family = "momentum indicators",
                               .summary = "rate of change as a ratio in percent",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 10)},
                               .outputs = {{"rocr100", unit::percent, 0}},
                               .formula = "100 * price / price of timeperiod bars ago, 0 if that price is 0",
                               .source = "TA-Lib 0.8.1 ROCR100"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Rocr100(std::span<const double> params) : before_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        if (before_.full()) {
            const double old = before_.oldest();
            out[0] = old == 0 ? 0 : in[0] / old * 100;
        }
        before_.push(in[0]);
    }

    void state(auto& visit) { visit(before_); }

private:
    Delay before_;
};

}  // namespace bourse::indicators
