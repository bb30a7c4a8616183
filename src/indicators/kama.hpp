// Adaptive moving average (Kaufman).
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Kama : public Streaming<Kama> {
public:
    static constexpr Info info{.name = "kama",
                               .family = "overlap studies",
                               .summary = "adaptive moving average (Kaufman)",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 30)},
                               .outputs = {{"kama", unit::price}},
                               .formula =
                                   "kama + c^2 * (price - kama), c = r*(2/3 - 2/31) + 2/31, r = |change over "
                                   "timeperiod bars| / sum of the |one-bar changes| in them, 1 if that is 0; "
                                   "seed: the price before; a timeperiod of 1 gives the price",
                               .source = "TA-Lib 0.8.1 KAMA"};

    static int lookback(std::span<const double> params) { return params[0] == 1 ? 0 : static_cast<int>(params[0]); }

    explicit Kama(std::span<const double> params)
        : changes_(static_cast<std::size_t>(params[0])), prices_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        const double price = in[0];
        if (changes_.size() == 1) {
            out[0] = price;
            return;
        }
        if (started_) changes_.push(std::fabs(price - before_));
        if (prices_.full()) {
            const double path = changes_.total().sum, change = std::fabs(price - prices_.oldest());
            const double ratio = path == 0 || change >= path ? 1 : change / path;
            const double weight = ratio * (2.0 / 3 - 2.0 / 31) + 2.0 / 31;
            if (!warm_) value_ = before_;
            warm_ = true;
            value_ += weight * weight * (price - value_);
            out[0] = value_;
        }
        prices_.push(price);
        before_ = price;
        started_ = true;
    }

    void state(auto& visit) { visit(started_, warm_, before_, value_, changes_, prices_); }

private:
    bool started_ = false, warm_ = false;
    double before_ = 0, value_ = 0;
    Window<Total> changes_;
    Delay prices_;
};

}  // namespace bourse::indicators
