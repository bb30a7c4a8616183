// Price change over some bars.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Mom : public Streaming<Mom> {
public:
    static constexpr Info info{.name = "mom",
                               .family = "momentum indicators",
                               .summary = "price change over some bars",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 10)},
                               .outputs = {{"mom", unit::price}},
                               .formula = "price - price of timeperiod bars ago",
                               .source = "TA-Lib 0.8.1 MOM"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Mom(std::span<const double> params) : before_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        if (before_.full()) {
            const double old = before_.oldest();
            out[0] = in[0] - old;
        }
        before_.push(in[0]);
    }

    void state(auto& visit) { visit(before_); }

private:
    Delay before_;
};

}  // namespace bourse::indicators
