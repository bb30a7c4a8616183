// Money flow index, 0..100.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

template <class V>
class MfiOf : public Streaming<MfiOf<V>> {
public:
    static constexpr Info info{.name = "mfi",
                               .family = "momentum indicators",
                               .summary = "money flow index, 0..100",
                               .inputs = {"high", "low", "close", "volume"},
                               .params = {period("timeperiod", 14, 2)},
                               .outputs = {{"mfi", unit::percent, 0, 100}},
                               .formula =
                                   "100*P/(P+N), 0 if P+N = 0; P, N: sums over the last timeperiod bars of "
                                   "tp*volume where tp rose and where it fell; tp = (high+low+close)/3",
                               .source = "TA-Lib 0.8.1 MFI"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit MfiOf(std::span<const double> params)
        : rises_(static_cast<std::size_t>(params[0])), falls_(static_cast<std::size_t>(params[0])) {}

    void step(const V* in, V* out) noexcept {
        const V typical = divided(in[0] + in[1] + in[2], 3), flow = typical * in[3];
        if (started_) {
            const auto moved = !negligible(typical - before_, magnitude(typical) + magnitude(before_));
            rises_.push(select(moved & (typical > before_), flow, 0.0));
            falls_.push(select(moved & (typical < before_), flow, 0.0));
        }
        started_ = true;
        before_ = typical;
        if (!rises_.full()) return;
        const V rises = rises_.total().sum, total = rises + falls_.total().sum;
        out[0] = select(total == 0.0, 0.0, 100.0 * (rises / total));
    }

    void state(auto& visit) { visit(started_, before_, rises_, falls_); }

private:
    bool started_ = false;
    V before_{};
    Window<TotalOf<V>, V> rises_, falls_;
};

using Mfi = MfiOf<double>;

}  // namespace bourse::indicators
