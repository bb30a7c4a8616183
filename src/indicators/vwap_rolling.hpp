// Volume-weighted average price of a window.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class VwapRolling : public Streaming<VwapRolling> {
public:
    static constexpr Info info{.name = "vwap_rolling",
                               .family = "volume indicators",
                               .summary = "volume-weighted average price of a window",
                               .inputs = {"high", "low", "close", "volume"},
                               .params = {period("timeperiod", 20)},
                               .outputs = {{"vwap", unit::price}},
                               .formula =
                                   "sum of tp*volume / sum of volume over the last timeperiod bars; tp = "
                                   "(high+low+close)/3",
                               .source = "definition",
                               .undefined = "where the volume of the window is 0"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit VwapRolling(std::span<const double> params)
        : flow_(static_cast<std::size_t>(params[0])), volume_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        flow_.push((in[0] + in[1] + in[2]) / 3 * in[3]);
        volume_.push(in[3]);
        if (volume_.full()) out[0] = flow_.total().sum / volume_.total().sum;
    }

    void state(auto& visit) { visit(flow_, volume_); }

private:
    Window<Total> flow_, volume_;
};

}  // namespace bourse::indicators
