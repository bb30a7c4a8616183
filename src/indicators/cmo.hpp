// Chande momentum oscillator with Wilder smoothing, -100..100.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/moves.hpp"

namespace bourse::indicators {

template <class V>
class CmoOf : public Streaming<CmoOf<V>> {
public:
    static constexpr Info info{.name = "cmo",
                               .family = "momentum indicators",
                               .summary = "Chande momentum oscillator with Wilder smoothing, -100..100",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 14, 2)},
                               .outputs = {{"cmo", unit::percent, -100, 100}},
                               .formula =
                                   "100*(G-L)/(G+L), 0 if G+L = 0; G, L: Wilder's averages of rises and "
                                   "falls; seed: mean of the first timeperiod changes",
                               .source =
                                   "TA-Lib 0.8.1 CMO; the classic form has plain sums instead of Wilder's "
                                   "averages"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit CmoOf(std::span<const double> params) : moves_(static_cast<int>(params[0])) {}

    void step(const V* in, V* out) noexcept {
        if (moves_.push(in[0]))
            out[0] = select(moves_.total() == 0.0, 0.0, 100.0 * ((moves_.gain() - moves_.loss()) / moves_.total()));
    }

private:
    MovesOf<V> moves_;
};

using Cmo = CmoOf<double>;

}  // namespace bourse::indicators
