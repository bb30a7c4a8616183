// Relative strength index. Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978).
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/moves.hpp"

namespace bourse::indicators {

class Rsi : public Streaming<Rsi> {
public:
    static constexpr Info info{.name = "rsi",
                               .family = "momentum indicators",
                               .summary = "relative strength index, 0..100",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 14, 2)},
                               .outputs = {"rsi"},
                               .formula =
                                   "100*G/(G+L), 0 if G+L = 0; G, L: Wilder's averages of rises and falls; "
                                   "seed: mean of the first timeperiod changes",
                               .source = "TA-Lib 0.8.1 RSI"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Rsi(std::span<const double> params) : moves_(static_cast<int>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        if (moves_.push(in[0])) out[0] = moves_.rsi();
    }

private:
    Moves moves_;
};

}  // namespace bourse::indicators
