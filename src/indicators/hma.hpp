// Hull moving average.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Hma : public Streaming<Hma> {
public:
    static constexpr Info info{.name = "hma",
                               .family = "overlap studies",
                               .summary = "Hull moving average",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 20, 2)},
                               .outputs = {{"hma", unit::price}},
                               .formula =
                                   "wma(2*wma(price, timeperiod/2) - wma(price, timeperiod), "
                                   "floor(sqrt(timeperiod)))",
                               .source = "TA-Lib 0.8.1 HMA"};

    static int lookback(std::span<const double> params) {
        return static_cast<int>(params[0]) - 2 + static_cast<int>(std::sqrt(params[0]));
    }

    explicit Hma(std::span<const double> params)
        : half_(static_cast<std::size_t>(params[0]) / 2),
          whole_(static_cast<std::size_t>(params[0])),
          outer_(static_cast<std::size_t>(std::sqrt(params[0]))) {}

    void step(const double* in, double* out) noexcept {
        half_.push(in[0]);
        whole_.push(in[0]);
        if (!whole_.full()) return;
        outer_.push(2 * half_.mean() - whole_.mean());
        if (outer_.full()) out[0] = outer_.mean();
    }

    void state(auto& visit) { visit(half_, whole_, outer_); }

private:
    Window<WeightedSum> half_, whole_, outer_;
};

}  // namespace bourse::indicators
