// Keltner channel of the close.
#pragma once

#include "indicators/keltner_channel.hpp"

namespace bourse::indicators {

class Keltner : public KeltnerChannel<Keltner> {
public:
    static constexpr Info info{.name = "keltner",
                               .family = "overlap studies",
                               .summary = "Keltner channel of the close",
                               .inputs = {"high", "low", "close"},
                               .params = {period("timeperiod", 20), period("atrperiod", 10), multiplier("nbdev", 2)},
                               .outputs = {{"upper", unit::price}, {"middle", unit::price}, {"lower", unit::price}},
                               .formula =
                                   "middle: ema of close over timeperiod bars; upper and lower: middle +- nbdev * "
                                   "atr(atrperiod)",
                               .source = "Chester Keltner, Linda Raschke; values of Skender.Stock.Indicators"};
    static constexpr bool seeded_together = false;

    using KeltnerChannel::KeltnerChannel;

    static double middle(const double* in) noexcept { return in[2]; }
};

}  // namespace bourse::indicators
