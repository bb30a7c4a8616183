// The first series is above the second for some bars: 1, else 0.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Above : public Streaming<Above> {
public:
    static constexpr Info info{.name = "above",
                               .family = "signals",
                               .summary = "the first series is above the second for some bars: 1, else 0",
                               .inputs = {"price0", "price1"},
                               .params = {period("timeperiod", 1)},
                               .outputs = {"above"},
                               .formula = "1 where price0 > price1 on each of the last timeperiod bars; else 0",
                               .source = "definition"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Above(std::span<const double> params) : bars_(params[0]), waiting_(static_cast<int>(params[0]) - 1) {}

    void step(const double* in, double* out) noexcept {
        run_ = in[0] > in[1] ? run_ + 1 : 0;
        if (waiting_ > 0)
            --waiting_;
        else
            out[0] = run_ >= bars_ ? 1 : 0;
    }

private:
    double bars_, run_ = 0;
    int waiting_;
};

}  // namespace bourse::indicators
