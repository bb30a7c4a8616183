// Percentile of a window, nearest rank.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/sorted_window.hpp"

namespace bourse::indicators {

class Percentile : public Streaming<Percentile> {
public:
    static constexpr Info info{.name = "percentile",
                               .family = "statistic functions",
                               .summary = "percentile of a window, nearest rank",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30), Param{"percentile", 50, 0, 100}},
                               .outputs = {{"percentile", unit::price}},
                               .formula =
                                   "the ceil(percentile/100 * timeperiod)-th lowest of the last timeperiod prices, the "
                                   "lowest for 0",
                               .source = "TA-Lib 0.8.1 PERCENTILE"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Percentile(std::span<const double> params)
        : rank_(static_cast<std::size_t>(std::max(std::ceil(params[1] / 100 * params[0]), 1.0)) - 1),
          window_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        window_.push(in[0]);
        if (window_.full()) out[0] = window_.at(rank_);
    }

    void state(auto& visit) { visit(rank_, window_); }

private:
    std::size_t rank_;
    SortedWindow window_;
};

}  // namespace bourse::indicators
