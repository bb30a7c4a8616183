// Value of the regression line at the last bar.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/line.hpp"

namespace bourse::indicators {

template <class V>
class LinearregOf : public Streaming<LinearregOf<V>> {
public:
    static constexpr Info info{.name = "linearreg",
                               .family = "statistic functions",
                               .summary = "value of the regression line at the last bar",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 14, 2)},
                               .outputs = {{"linearreg", unit::price}},
                               .formula =
                                   "m + s*(timeperiod-1)/2; m: mean, s: slope of the least-squares line "
                                   "through the last timeperiod prices",
                               .source = "TA-Lib 0.8.1 LINEARREG"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit LinearregOf(std::span<const double> params) : window_(static_cast<std::size_t>(params[0])) {}

    void step(const V* in, V* out) noexcept {
        window_.push(in[0]);
        if (!window_.full()) return;
        const LineOf<V> line = window_.total();
        out[0] = line.mean + line.slope * (line.count - 1) / 2;
    }

    void state(auto& visit) { visit(window_); }

private:
    LineWindowOf<V> window_;
};

using Linearreg = LinearregOf<double>;

}  // namespace bourse::indicators
