// Vortex indicator (Botes and Siepman).
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/true_range.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Vortex : public Streaming<Vortex> {
public:
    static constexpr Info info{
        .name = "vortex",
        .family = "momentum indicators",
        .summary = "vortex indicator (Botes and Siepman)",
        .inputs = {"high", "low", "close"},
        .params = {period("timeperiod", 14)},
        .outputs = {{"plusvi", unit::ratio, 0}, {"minusvi", unit::ratio, 0}},
        .formula =
            "sums over timeperiod bars: of |high - low of the bar before|, and of |low - high of "
            "the bar before|, over the sum of the true range; 0 if that is 0",
        .source = "TA-Lib 0.8.1 VORTEX"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Vortex(std::span<const double> params)
        : ups_(static_cast<std::size_t>(params[0])),
          downs_(static_cast<std::size_t>(params[0])),
          ranges_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        const double range = range_.push(in[0], in[1], in[2]), up = std::fabs(in[0] - low_),
                     down = std::fabs(in[1] - high_);
        high_ = in[0];
        low_ = in[1];
        if (std::isnan(range)) return;
        ups_.push(up);
        downs_.push(down);
        ranges_.push(range);
        if (!ranges_.full()) return;
        const double total = ranges_.total().sum;
        out[0] = total == 0 ? 0 : ups_.total().sum / total;
        out[1] = total == 0 ? 0 : downs_.total().sum / total;
    }

    void state(auto& visit) { visit(range_, high_, low_, ups_, downs_, ranges_); }

private:
    TrueRange range_;
    double high_ = 0, low_ = 0;
    Window<Total> ups_, downs_, ranges_;
};

}  // namespace bourse::indicators
