// Volatility of a year from four prices and the gaps between bars (Yang and Zhang).
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/moments.hpp"
#include "indicators/rogers_satchell.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class YangZhang : public Streaming<YangZhang> {
public:
    static constexpr Info info{
        .name = "yang_zhang",
        .family = "volatility indicators",
        .summary = "volatility of a year from four prices and the gaps between bars (Yang and Zhang)",
        .inputs = {"open", "high", "low", "close"},
        .params = {period("timeperiod", 20, 2), Param{"periods_per_year", 252, 0, 3e37}},
        .outputs = {{"yang_zhang", unit::ratio, 0}},
        .formula =
            "sqrt(periods_per_year * (N + k*B + (1-k)*R)); N, B: variances (divisor timeperiod - 1) "
            "of ln(open/close before) and ln(close/open), R: the mean of rogers_satchell; k = 0.34 "
            "/ (1.34 + (timeperiod+1)/(timeperiod-1))",
        .source = "Dennis Yang, Qiang Zhang (2000)",
        .undefined = "while a price of 0 or below is in the window"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit YangZhang(std::span<const double> params)
        : bars_(params[0]),
          per_year_(params[1]),
          nights_(static_cast<std::size_t>(params[0])),
          bodies_(static_cast<std::size_t>(params[0])),
          terms_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        const double before = close_;
        close_ = in[3];
        if (!started_) {
            started_ = true;
            return;
        }
        nights_.push(std::log(in[0] / before));
        bodies_.push(std::log(in[3] / in[0]));
        terms_.push(RogersSatchell::variance(in));
        if (!terms_.full()) return;
        const double nights = nights_.total().squares / (bars_ - 1), bodies = bodies_.total().squares / (bars_ - 1);
        const double share = 0.34 / (1.34 + (bars_ + 1) / (bars_ - 1));
        out[0] = std::sqrt(per_year_ * (nights + share * bodies + (1 - share) * terms_.mean()));
    }

    void state(auto& visit) { visit(bars_, per_year_, started_, close_, nights_, bodies_, terms_); }

private:
    double bars_, per_year_;
    bool started_ = false;
    double close_ = 0;
    MomentsWindow nights_, bodies_;
    Window<Total> terms_;
};

}  // namespace bourse::indicators
