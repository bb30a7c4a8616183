// Triple exponential moving average T3 (Tillson).
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"

namespace bourse::indicators {

class T3 : public Streaming<T3> {
public:
    static constexpr Info info{.name = "t3",
                               .family = "overlap studies",
                               .summary = "triple exponential moving average T3 (Tillson)",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 5), Param{"vfactor", 0.7, 0, 1}},
                               .outputs = {{"t3", unit::price}},
                               .formula =
                                   "c1*e6 + c2*e5 + c3*e4 + c4*e3, e1 = ema(price), e2 = ema(e1), ...; c1 = "
                                   "-v^3, c2 = 3v^2+3v^3, c3 = -6v^2-3v-3v^3, c4 = 1+3v+3v^2+v^3",
                               .source = "TA-Lib 0.8.1 T3"};

    static int lookback(std::span<const double> params) { return 6 * (static_cast<int>(params[0]) - 1); }

    explicit T3(std::span<const double> params)
        : factor_(params[1]), averages_{Smoothing::exponential(static_cast<int>(params[0])),
                                        Smoothing::exponential(static_cast<int>(params[0])),
                                        Smoothing::exponential(static_cast<int>(params[0])),
                                        Smoothing::exponential(static_cast<int>(params[0])),
                                        Smoothing::exponential(static_cast<int>(params[0])),
                                        Smoothing::exponential(static_cast<int>(params[0]))} {}

    void step(const double* in, double* out) noexcept {
        double x = in[0];
        for (Smoothing& average : averages_) {
            average.push(x);
            if (!average.ready()) return;
            x = average.value();
        }
        const double v = factor_, square = v * v, cube = square * v;
        out[0] = -cube * averages_[5].value() + 3 * (square + cube) * averages_[4].value() -
                 (6 * square + 3 * (v + cube)) * averages_[3].value() +
                 (1 + 3 * (v + square) + cube) * averages_[2].value();
    }

private:
    double factor_;
    Smoothing averages_[6];
};

}  // namespace bourse::indicators
