// Plus directional movement.
#pragma once

#include "indicators/directional.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class PlusDm : public Streaming<PlusDm> {
public:
    static constexpr Info info{.name = "plus_dm",
                               .family = "momentum indicators",
                               .summary = "plus directional movement",
                               .inputs = {"high", "low"},
                               .params = {period("timeperiod", 14, 2)},
                               .outputs = {{"plus_dm", unit::price, 0}},
                               .formula =
                                   "Wilder's sum of the rises of the high: the first timeperiod - 1 added up, "
                                   "then s - s/timeperiod + x; of one bar only the larger move counts",
                               .source = "TA-Lib 0.8.1 PLUS_DM"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit PlusDm(std::span<const double> params) : sum_(static_cast<int>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        const DirectionalMove move = moves_.push(in[0], in[1]);
        if (std::isnan(move.rise)) return;
        sum_.push(move.rise);
        if (sum_.ready()) out[0] = sum_.value();
    }

private:
    DirectionalMoves moves_;
    WilderSum sum_;
};

}  // namespace bourse::indicators
