// Chaikin money flow.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Cmf : public Streaming<Cmf> {
public:
    static constexpr Info info{.name = "cmf",
                               .family = "volume indicators",
                               .summary = "Chaikin money flow",
                               .inputs = {"high", "low", "close", "volume"},
                               .params = {period("timeperiod", 20)},
                               .outputs = {{"cmf", unit::ratio, -1, 1}},
                               .formula =
                                   "sum of ((close-low) - (high-close)) / (high-low) * volume, nothing where "
                                   "high = low, / sum of volume over the last timeperiod bars, 0 if that is 0",
                               .source = "TA-Lib 0.8.1 CMF"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Cmf(std::span<const double> params)
        : flows_(static_cast<std::size_t>(params[0])), volumes_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        const double range = in[0] - in[1];
        flows_.push(range > 0 ? ((in[2] - in[1]) - (in[0] - in[2])) / range * in[3] : 0);
        volumes_.push(in[3]);
        if (!flows_.full()) return;
        const double volume = volumes_.total().sum;
        out[0] = volume == 0 ? 0 : flows_.total().sum / volume;
    }

    void state(auto& visit) { visit(flows_, volumes_); }

private:
    Window<Total> flows_, volumes_;
};

}  // namespace bourse::indicators
