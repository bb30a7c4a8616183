// Percent rank: share of the prices before that are lower, 0..100.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/sorted_window.hpp"

namespace bourse::indicators {

class Percentrank : public Streaming<Percentrank> {
public:
    static constexpr Info info{
        .name = "percentrank",
        .family = "statistic functions",
        .summary = "percent rank: share of the prices before that are lower, 0..100",
        .inputs = {"price"},
        .params = {period("timeperiod", 100)},
        .outputs = {{"percentrank", unit::percent, 0, 100}},
        .formula = "100 * number of the timeperiod prices before that are below the price / timeperiod",
        .source = "TA-Lib 0.8.1 PERCENTRANK"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Percentrank(std::span<const double> params)
        : bars_(params[0]), window_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        if (window_.full()) out[0] = 100 * static_cast<double>(window_.below(in[0])) / bars_;
        window_.push(in[0]);
    }

    void state(auto& visit) { visit(bars_, window_); }

private:
    double bars_;
    SortedWindow window_;
};

}  // namespace bourse::indicators
