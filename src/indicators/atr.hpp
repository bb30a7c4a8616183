// Average true range. Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978).
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"
#include "indicators/true_range.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Atr : public Streaming<Atr> {
public:
    static constexpr Info info{.name = "atr",
                               .family = "volatility indicators",
                               .summary = "average true range, in the unit of the prices",
                               .inputs = {"high", "low", "close"},
                               .params = {period("timeperiod", 14), profile({"talib", "tdx"})},
                               .outputs = {{"atr", unit::price, 0}},
                               .formula =
                                   "Wilder's average of max(h-l, |h-c1|, |l-c1|), c1 the close before, from the second "
                                   "bar on; seed: mean of the first timeperiod true ranges; profile tdx: plain mean of "
                                   "the last timeperiod true ranges",
                               .source = "TA-Lib 0.8.1 ATR"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Atr(std::span<const double> params)
        : simple_(profile_is(info, params, "tdx")),
          average_(Smoothing::wilder(static_cast<int>(params[0]))),
          plain_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        const double range = range_.push(in[0], in[1], in[2]);
        if (std::isnan(range)) return;
        average_.push(range);
        if (simple_) plain_.push(range);
        if (average_.ready()) out[0] = simple_ ? plain_.total().mean() : average_.value();
    }

    void state(auto& visit) { visit(simple_, range_, average_, plain_); }

private:
    bool simple_;
    TrueRange range_;
    Smoothing average_;
    Window<Total> plain_;
};

}  // namespace bourse::indicators
