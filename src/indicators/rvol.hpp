// Relative volume.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Rvol : public Streaming<Rvol> {
public:
    static constexpr Info info{.name = "rvol",
                               .family = "volume indicators",
                               .summary = "relative volume",
                               .inputs = {"volume"},
                               .params = {period("timeperiod", 20)},
                               .outputs = {{"rvol", unit::ratio, 0}},
                               .formula = "volume / mean volume of the timeperiod bars before",
                               .source = "TA-Lib 0.8.1 RVOL",
                               .undefined = "while the mean is 0"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Rvol(std::span<const double> params) : window_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        if (window_.full()) out[0] = in[0] / window_.mean();
        window_.push(in[0]);
    }

    void state(auto& visit) { visit(window_); }

private:
    Window<Total> window_;
};

}  // namespace bourse::indicators
