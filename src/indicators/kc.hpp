// Keltner channel of the typical price.
#pragma once

#include "indicators/keltner_channel.hpp"

namespace bourse::indicators {

class Kc : public KeltnerChannel<Kc> {
public:
    static constexpr Info info{.name = "kc",
                               .family = "overlap studies",
                               .summary = "Keltner channel of the typical price",
                               .inputs = {"high", "low", "close"},
                               .params = {period("timeperiod", 20, 2), period("atrperiod", 10), multiplier("nbdev", 2)},
                               .outputs = {{"upper", unit::price}, {"middle", unit::price}, {"lower", unit::price}},
                               .formula =
                                   "middle: ema of (high+low+close)/3 over timeperiod bars; upper and lower: middle +- "
                                   "nbdev * atr(atrperiod); each is seeded so that both begin with the same bar",
                               .source = "TA-Lib 0.8.1 KC"};
    static constexpr bool seeded_together = true;

    using KeltnerChannel::KeltnerChannel;

    static double middle(const double* in) noexcept { return (in[0] + in[1] + in[2]) / 3; }
};

}  // namespace bourse::indicators
