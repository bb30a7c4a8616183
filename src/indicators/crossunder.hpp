// The first series crosses below the second: 1, else 0.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Crossunder : public Streaming<Crossunder> {
public:
    static constexpr Info info{.name = "crossunder",
                               .family = "signals",
                               .summary = "the first series crosses below the second: 1, else 0",
                               .inputs = {"price0", "price1"},
                               .params = {},
                               .outputs = {"crossunder"},
                               .formula = "1 where price0 < price1 and, on the bar before, price0 >= price1; else 0",
                               .source = "definition"};

    static int lookback(std::span<const double>) { return 1; }

    explicit Crossunder(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        const bool beyond = in[0] < in[1];
        if (started_) out[0] = beyond && !beyond_ ? 1 : 0;
        started_ = true;
        beyond_ = beyond;
    }

private:
    bool started_ = false, beyond_ = false;
};

}  // namespace bourse::indicators
