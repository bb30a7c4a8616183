// Choppiness index: 100 where the market goes nowhere, towards 0 where it trends.
#pragma once

#include <algorithm>

#include "indicators/extremes.hpp"
#include "indicators/indicator.hpp"
#include "indicators/true_range.hpp"

namespace bourse::indicators {

class Chop : public Streaming<Chop> {
public:
    static constexpr Info info{
        .name = "chop",
        .family = "momentum indicators",
        .summary = "choppiness index: 100 where the market goes nowhere, towards 0 where it trends",
        .inputs = {"high", "low", "close"},
        .params = {period("timeperiod", 14, 2)},
        .outputs = {{"chop", unit::percent, 0}},
        .formula =
            "100 * log10(sum of the true range / (H - L)) / log10(timeperiod) over timeperiod bars; "
            "H, L: highest of max(high, close before) and lowest of min(low, close before)",
        .source = "E. W. Dreiss; values of Skender.Stock.Indicators",
        .undefined = "where no price moved in the window"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Chop(std::span<const double> params)
        : bars_(params[0]), extremes_(params[0]), ranges_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        const double before = before_, range = range_.push(in[0], in[1], in[2]);
        before_ = in[2];
        if (std::isnan(range)) return;
        ranges_.push(range);
        extremes_.push(std::max(in[0], before), std::min(in[1], before));
        if (ranges_.full())
            out[0] =
                100 * std::log10(ranges_.total().sum / (extremes_.highest() - extremes_.lowest())) / std::log10(bars_);
    }

    void state(auto& visit) { visit(bars_, before_, range_, extremes_, ranges_); }

private:
    double bars_, before_ = 0;
    TrueRange range_;
    Extremes extremes_;
    Window<Total> ranges_;
};

}  // namespace bourse::indicators
