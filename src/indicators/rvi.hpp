// Relative volatility index (Dorsey), 0..100.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"
#include "indicators/moments.hpp"

namespace bourse::indicators {

class Rvi : public Streaming<Rvi> {
public:
    static constexpr Info info{.name = "rvi",
                               .family = "volatility indicators",
                               .summary = "relative volatility index (Dorsey), 0..100",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 14), period("stddevperiod", 10, 2)},
                               .outputs = {{"rvi", unit::percent, 0, 100}},
                               .formula =
                                   "100 * U / (U + D), 50 if U + D = 0; U, D: Wilder's averages over timeperiod of the "
                                   "standard deviation of stddevperiod prices on bars that rose and on bars that fell",
                               .source = "TA-Lib 0.8.1 RVI"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0] + params[1]) - 2; }

    explicit Rvi(std::span<const double> params)
        : deviations_(static_cast<std::size_t>(params[1])),
          up_(Smoothing::wilder(static_cast<int>(params[0]))),
          down_(up_) {}

    void step(const double* in, double* out) noexcept {
        deviations_.push(in[0]);
        const double change = in[0] - before_;
        before_ = in[0];
        if (!deviations_.full()) return;
        const double deviation = std::sqrt(deviations_.total().variance());
        up_.push(change > 0 ? deviation : 0);
        down_.push(change < 0 ? deviation : 0);
        if (!up_.ready()) return;
        const double total = up_.value() + down_.value();
        out[0] = total == 0 ? 50 : 100 * (up_.value() / total);
    }

    void state(auto& visit) { visit(deviations_, before_, up_, down_); }

private:
    MomentsWindow deviations_;
    double before_ = 0;
    Smoothing up_, down_;
};

}  // namespace bourse::indicators
