// Minus directional movement.
#pragma once

#include "indicators/directional.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class MinusDm : public Streaming<MinusDm> {
public:
    static constexpr Info info{.name = "minus_dm",
                               .family = "momentum indicators",
                               .summary = "minus directional movement",
                               .inputs = {"high", "low"},
                               .params = {period("timeperiod", 14, 2)},
                               .outputs = {{"minus_dm", unit::price, 0}},
                               .formula =
                                   "Wilder's sum of the falls of the low: the first timeperiod - 1 added up, "
                                   "then s - s/timeperiod + x; of one bar only the larger move counts",
                               .source = "TA-Lib 0.8.1 MINUS_DM"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit MinusDm(std::span<const double> params) : sum_(static_cast<int>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        const DirectionalMove move = moves_.push(in[0], in[1]);
        if (std::isnan(move.fall)) return;
        sum_.push(move.fall);
        if (sum_.ready()) out[0] = sum_.value();
    }

private:
    DirectionalMoves moves_;
    WilderSum sum_;
};

}  // namespace bourse::indicators
