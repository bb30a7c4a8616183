// Average day range, in the unit of the prices.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Adr : public Streaming<Adr> {
public:
    static constexpr Info info{.name = "adr",
                               .family = "volatility indicators",
                               .summary = "average day range, in the unit of the prices",
                               .inputs = {"high", "low"},
                               .params = {period("timeperiod", 14)},
                               .outputs = {{"adr", unit::price, 0}},
                               .formula = "mean of high - low over the last timeperiod bars",
                               .source = "TA-Lib 0.8.1 ADR"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Adr(std::span<const double> params) : ranges_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        ranges_.push(in[0] - in[1]);
        if (ranges_.full()) out[0] = ranges_.mean();
    }

    void state(auto& visit) { visit(ranges_); }

private:
    Window<Total> ranges_;
};

}  // namespace bourse::indicators
