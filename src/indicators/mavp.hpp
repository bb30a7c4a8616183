// Moving average with a period of its own for each bar.
#pragma once

#include <algorithm>
#include <vector>

#include "indicators/average.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Mavp : public Streaming<Mavp> {
public:
    static constexpr Info info{
        .name = "mavp",
        .family = "overlap studies",
        .summary = "moving average with a period of its own for each bar",
        .inputs = {"price", "periods"},
        .params = {Param{"minperiod", 2, 2, 500, true}, Param{"maxperiod", 30, 2, 500, true},
                   average_kind("matype", 0)},
        .outputs = {{"mavp", unit::price}},
        .formula =
            "the average of kind matype over as many prices as `periods` says for the bar, cut to a whole number and "
            "to minperiod..maxperiod; all averages are seeded so that they begin with the same bar; a maxperiod below "
            "the minperiod changes places with it; a bar costs as much as all these averages",
        .source = "TA-Lib 0.8.1 MAVP"};

    static int lookback(std::span<const double> params) {
        return MovingAverage::lookback(params[2], std::max(params[0], params[1]));
    }

    explicit Mavp(std::span<const double> params)
        : lowest_(std::min(params[0], params[1])), highest_(std::max(params[0], params[1])) {
        averages_.reserve(static_cast<std::size_t>(highest_ - lowest_) + 1);
        for (double period = lowest_; period <= highest_; ++period)
            averages_.push_back(
                {lookback(params) - MovingAverage::lookback(params[2], period), MovingAverage(params[2], period)});
    }

    void step(const double* in, double* out) noexcept {
        for (Late& late : averages_) {
            if (late.starts_in > 0)
                --late.starts_in;
            else
                late.average.push(in[0]);
        }
        const double period = std::trunc(std::clamp(in[1], lowest_, highest_));
        const MovingAverage& average = averages_[static_cast<std::size_t>(period - lowest_)].average;
        if (averages_.back().average.ready() && average.ready()) out[0] = average.value();
    }

    void state(auto& visit) {
        for (Late& late : averages_) visit(late.starts_in, late.average);
    }

private:
    struct Late {
        int starts_in;  // bars
        MovingAverage average;
    };
    double lowest_, highest_;
    std::vector<Late> averages_;
};

}  // namespace bourse::indicators
