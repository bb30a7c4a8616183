// Coppock curve.
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Coppock : public Streaming<Coppock> {
public:
    static constexpr Info info{
        .name = "coppock",
        .family = "momentum indicators",
        .summary = "Coppock curve",
        .inputs = {"price"},
        .params = {period("wmaperiod", 10, 2), period("roc1period", 11), period("roc2period", 14)},
        .outputs = {{"coppock", unit::percent}},
        .formula = "wma over wmaperiod bars of roc(roc1period) + roc(roc2period), in percent",
        .source = "TA-Lib 0.8.1 COPPOCK"};

    static int lookback(std::span<const double> params) {
        return static_cast<int>(params[0]) - 1 + static_cast<int>(std::max(params[1], params[2]));
    }

    explicit Coppock(std::span<const double> params)
        : average_(static_cast<std::size_t>(params[0])),
          first_(static_cast<std::size_t>(params[1])),
          second_(static_cast<std::size_t>(params[2])) {}

    void step(const double* in, double* out) noexcept {
        const double first = change(first_, in[0]), second = change(second_, in[0]);
        first_.push(in[0]);
        second_.push(in[0]);
        if (std::isnan(first) || std::isnan(second)) return;
        average_.push(first + second);
        if (average_.full()) out[0] = average_.mean();
    }

    void state(auto& visit) { visit(average_, first_, second_); }

private:
    static double change(const Delay& past, double price) noexcept {
        if (!past.full()) return missing;
        return past.oldest() == 0 ? 0 : (price / past.oldest() - 1) * 100;
    }

    Window<WeightedSum> average_;
    Delay first_, second_;
};

}  // namespace bourse::indicators
