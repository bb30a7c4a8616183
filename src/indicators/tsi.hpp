// True strength index (Blau), -100..100.
#pragma once

#include "indicators/double_smoothing.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Tsi : public Streaming<Tsi> {
public:
    static constexpr Info info{
        .name = "tsi",
        .family = "momentum indicators",
        .summary = "true strength index (Blau), -100..100",
        .inputs = {"price"},
        .params = {period("firstperiod", 25), period("secondperiod", 13)},
        .outputs = {{"tsi", unit::percent, -100, 100}},
        .formula =
            "100 * d / a, 0 if a = 0; d, a: ema over secondperiod of the ema over firstperiod of "
            "the changes and of their absolute values",
        .source = "TA-Lib 0.8.1 TSI"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0] + params[1]) - 1; }

    explicit Tsi(std::span<const double> params)
        : changes_(static_cast<int>(params[0]), static_cast<int>(params[1])),
          sizes_(static_cast<int>(params[0]), static_cast<int>(params[1])) {}

    void step(const double* in, double* out) noexcept {
        const double change = in[0] - before_;
        before_ = in[0];
        if (!started_) {
            started_ = true;
            return;
        }
        const bool ready = changes_.push(change);
        sizes_.push(std::fabs(change));
        if (ready) out[0] = sizes_.value() == 0 ? 0 : 100 * changes_.value() / sizes_.value();
    }

private:
    bool started_ = false;
    double before_ = 0;
    DoubleSmoothing changes_, sizes_;
};

}  // namespace bourse::indicators
