// Accumulation/distribution line (Chaikin).
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

template <class V>
class AdOf : public Streaming<AdOf<V>> {
public:
    static constexpr Info info{.name = "ad",
                               .family = "volume indicators",
                               .summary = "accumulation/distribution line (Chaikin)",
                               .inputs = {"high", "low", "close", "volume"},
                               .params = {},
                               .outputs = {{"ad", unit::volume}},
                               .formula =
                                   "running sum of ((close-low) - (high-close)) / (high-low) * volume, "
                                   "nothing where high = low",
                               .source = "TA-Lib 0.8.1 AD"};

    static int lookback(std::span<const double>) { return 0; }

    explicit AdOf(std::span<const double>) {}

    void step(const V* in, V* out) noexcept {
        const V range = in[0] - in[1];
        total_ = select(range > 0.0, total_ + ((in[2] - in[1]) - (in[0] - in[2])) / range * in[3], total_);
        out[0] = total_;
    }

private:
    V total_{};
};

using Ad = AdOf<double>;

}  // namespace bourse::indicators
