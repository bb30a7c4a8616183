// Donchian channel.
#pragma once

#include "indicators/extremes.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

template <class V>
class DonchianOf : public Streaming<DonchianOf<V>> {
public:
    static constexpr Info info{.name = "donchian",
                               .family = "overlap studies",
                               .summary = "Donchian channel",
                               .inputs = {"high", "low"},
                               .params = {period("timeperiod", 20)},
                               .outputs = {{"upper", unit::price}, {"middle", unit::price}, {"lower", unit::price}},
                               .formula =
                                   "upper: highest high, lower: lowest low of the last timeperiod bars, this "
                                   "one included; middle = (upper + lower) / 2",
                               .source = "TA-Lib 0.8.1 DONCHIAN"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit DonchianOf(std::span<const double> params) : extremes_(params[0]) {}

    void step(const V* in, V* out) noexcept {
        extremes_.push(in[0], in[1]);
        if (!extremes_.full()) return;
        out[0] = extremes_.highest();
        out[1] = (extremes_.highest() + extremes_.lowest()) / 2;
        out[2] = extremes_.lowest();
    }

    void state(auto& visit) { visit(extremes_); }

private:
    ExtremesOf<V> extremes_;
};

using Donchian = DonchianOf<double>;

}  // namespace bourse::indicators
