// Rate of change as a fraction.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Rocp : public Streaming<Rocp> {
public:
    static constexpr Info info{.name = "rocp",
                               .family = "momentum indicators",
                               .summary = "rate of change as a fraction",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 10)},
                               .outputs = {{"rocp", unit::ratio, -1}},
                               .formula = "price / price of timeperiod bars ago - 1, 0 if that price is 0",
                               .source = "TA-Lib 0.8.1 ROCP"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Rocp(std::span<const double> params) : before_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        if (before_.full()) {
            const double old = before_.oldest();
            out[0] = old == 0 ? 0 : in[0] / old - 1;
        }
        before_.push(in[0]);
    }

    void state(auto& visit) { visit(before_); }

private:
    Delay before_;
};

}  // namespace bourse::indicators
