// Moving average of any kind.
#pragma once

#include "indicators/average.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Ma : public Streaming<Ma> {
public:
    static constexpr Info info{
        .name = "ma",
        .family = "overlap studies",
        .summary = "moving average of any kind",
        .inputs = {"price"},
        .params = {period("timeperiod", 30), average_kind("matype", 0)},
        .outputs = {{"ma", unit::price}},
        .formula = "the average of kind matype over timeperiod prices; a timeperiod of 1 gives the price",
        .source = "TA-Lib 0.8.1 MA"};

    static int lookback(std::span<const double> params) { return MovingAverage::lookback(params[1], params[0]); }

    explicit Ma(std::span<const double> params) : average_(params[1], params[0]) {}

    void step(const double* in, double* out) noexcept {
        average_.push(in[0]);
        if (average_.ready()) out[0] = average_.value();
    }

    void state(auto& visit) { visit(average_); }

private:
    MovingAverage average_;
};

}  // namespace bourse::indicators
