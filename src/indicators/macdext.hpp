// Moving average convergence/divergence with any kinds of average.
#pragma once

#include <algorithm>
#include <utility>

#include "indicators/average.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Macdext : public Streaming<Macdext> {
public:
    static constexpr Info info{
        .name = "macdext",
        .family = "momentum indicators",
        .summary = "moving average convergence/divergence with any kinds of average",
        .inputs = {"price"},
        .params = {period("fastperiod", 12, 2), average_kind("fastmatype", 0), period("slowperiod", 26, 2),
                   average_kind("slowmatype", 0), period("signalperiod", 9), average_kind("signalmatype", 0)},
        .outputs = {{"macd", unit::price}, {"signal", unit::price}, {"hist", unit::price}},
        .formula =
            "macd = fast average - slow average, each seeded so that both begin with the same bar; "
            "signal = average of macd; hist = macd - signal; a slowperiod below the fastperiod "
            "changes places with it, kinds included",
        .source = "TA-Lib 0.8.1 MACDEXT",
        .deviation =
            "where prices stand still, averages of kind 6 (kama) and 7 (mama) follow what rounding leaves, and "
            "TA-Lib's sums leave other remnants"};

    static int lookback(std::span<const double> params) {
        return longest(params) + MovingAverage::lookback(params[5], params[4]);
    }

    explicit Macdext(std::span<const double> params)
        : fast_(params[1], params[0]),
          slow_(params[3], params[2]),
          signal_(params[5], params[4]),
          fast_starts_in_(longest(params) - MovingAverage::lookback(params[1], params[0])),
          slow_starts_in_(longest(params) - MovingAverage::lookback(params[3], params[2])) {
        if (params[2] < params[0]) {
            std::swap(fast_, slow_);
            std::swap(fast_starts_in_, slow_starts_in_);
        }
    }

    void step(const double* in, double* out) noexcept {
        if (fast_starts_in_ > 0)
            --fast_starts_in_;
        else
            fast_.push(in[0]);
        if (slow_starts_in_ > 0)
            --slow_starts_in_;
        else
            slow_.push(in[0]);
        if (!(fast_.ready() && slow_.ready())) return;
        const double macd = fast_.value() - slow_.value();
        signal_.push(macd);
        if (!signal_.ready()) return;
        out[0] = macd;
        out[1] = signal_.value();
        out[2] = macd - signal_.value();
    }

    void state(auto& visit) { visit(fast_, slow_, signal_, fast_starts_in_, slow_starts_in_); }

private:
    static int longest(std::span<const double> params) {
        return std::max(MovingAverage::lookback(params[1], params[0]), MovingAverage::lookback(params[3], params[2]));
    }

    MovingAverage fast_, slow_, signal_;
    int fast_starts_in_, slow_starts_in_;  // bars
};

}  // namespace bourse::indicators
