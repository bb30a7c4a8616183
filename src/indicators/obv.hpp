// On balance volume. Source: Joseph Granville, New Key to Stock Market Profits (1963).
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

template <class V>
class ObvOf : public Streaming<ObvOf<V>> {
public:
    static constexpr Info info{
        .name = "obv",
        .family = "volume indicators",
        .summary = "on balance volume",
        .inputs = {"price", "volume"},
        .params = {},
        .outputs = {{"obv", unit::volume}},
        .formula =
            "running sum of the volume, negative where the price fell, left out where it stayed; "
            "seed: the first volume",
        .source = "TA-Lib 0.8.1 OBV"};

    static int lookback(std::span<const double>) { return 0; }

    explicit ObvOf(std::span<const double>) {}

    void step(const V* in, V* out) noexcept {
        const V price = in[0], volume = in[1];
        total_ = started_ ? select(price > before_, total_ + volume, select(price < before_, total_ - volume, total_))
                          : total_ + volume;
        started_ = true;
        before_ = price;
        out[0] = total_;
    }

private:
    bool started_ = false;
    V before_{}, total_{};
};

using Obv = ObvOf<double>;

}  // namespace bourse::indicators
