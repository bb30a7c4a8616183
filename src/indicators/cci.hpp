// Commodity channel index. Source: Donald Lambert, Commodities magazine (October 1980).
#pragma once

#include <cmath>

#include "indicators/indicator.hpp"
#include "indicators/moments.hpp"

namespace bourse::indicators {

// A bar costs O(timeperiod): the mean absolute deviation moves with the mean.
template <class V>
class CciOf : public Streaming<CciOf<V>> {
public:
    static constexpr Info info{
        .name = "cci",
        .family = "momentum indicators",
        .summary = "commodity channel index",
        .inputs = {"high", "low", "close"},
        .params = {period("timeperiod", 14, 2)},
        .outputs = {{"cci", unit::number}},
        .formula =
            "(tp - m) / (0.015 * a), 0 if a = 0; tp = (high+low+close)/3, m its mean over the last "
            "timeperiod bars, a the mean of |tp - m| over them",
        .source = "TA-Lib 0.8.1 CCI"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit CciOf(std::span<const double> params) : typical_(static_cast<std::size_t>(params[0])) {}

    void step(const V* in, V* out) noexcept {
        const V typical = divided(in[0] + in[1] + in[2], 3);
        typical_.push(typical);
        if (!typical_.full()) return;
        const MomentsOf<V> moments = typical_.total();
        V apart{};
        for (const V& x : typical_.values()) apart += magnitude(x - moments.mean);
        apart = divided(apart, moments.count);
        const V scale = magnitude(moments.mean);
        const auto flat = negligible(typical - moments.mean, scale) | negligible(apart, scale);
        out[0] = select(flat, 0.0, (typical - moments.mean) / (0.015 * apart));
    }

    void state(auto& visit) { visit(typical_); }

private:
    MomentsWindowOf<V> typical_;
};

using Cci = CciOf<double>;

}  // namespace bourse::indicators
