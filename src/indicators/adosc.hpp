// Chaikin oscillator of the accumulation/distribution line.
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"

namespace bourse::indicators {

template <class V>
class AdoscOf : public Streaming<AdoscOf<V>> {
public:
    static constexpr Info info{.name = "adosc",
                               .family = "volume indicators",
                               .summary = "Chaikin oscillator of the accumulation/distribution line",
                               .inputs = {"high", "low", "close", "volume"},
                               .params = {period("fastperiod", 3), period("slowperiod", 10)},
                               .outputs = {{"adosc", unit::volume}},
                               .formula = "ema(ad, fastperiod) - ema(ad, slowperiod), both seeded with the first ad",
                               .source = "TA-Lib 0.8.1 ADOSC"};

    static int lookback(std::span<const double> params) { return static_cast<int>(std::max(params[0], params[1])) - 1; }

    explicit AdoscOf(std::span<const double> params)
        : warm_up_(lookback(params)), fast_(2 / (params[0] + 1), 1), slow_(2 / (params[1] + 1), 1) {}

    void step(const V* in, V* out) noexcept {
        const V range = in[0] - in[1];
        total_ = select(range > 0.0, total_ + ((in[2] - in[1]) - (in[0] - in[2])) / range * in[3], total_);
        fast_.push(total_);
        slow_.push(total_);
        if (warm_up_ > 0)
            --warm_up_;
        else
            out[0] = fast_.value() - slow_.value();
    }

private:
    int warm_up_;
    V total_{};
    SmoothingOf<V> fast_, slow_;
};

using Adosc = AdoscOf<double>;

}  // namespace bourse::indicators
