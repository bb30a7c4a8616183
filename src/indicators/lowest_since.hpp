// Lowest price since a condition was last true, that bar included.
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class LowestSince : public Streaming<LowestSince> {
public:
    static constexpr Info info{.name = "lowest_since",
                               .family = "signals",
                               .summary = "lowest price since a condition was last true, that bar included",
                               .inputs = {"price", "condition"},
                               .params = {},
                               .outputs = {"lowest_since"},
                               .formula = "the lowest price from the last bar whose condition is not 0 on",
                               .source = "definition",
                               .undefined = "before the condition is true for the first time"};

    static int lookback(std::span<const double>) { return 0; }

    explicit LowestSince(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        if (in[1] != 0) {
            started_ = true;
            best_ = in[0];
        } else if (started_) {
            best_ = std::min(best_, in[0]);
        }
        if (started_) out[0] = best_;
    }

private:
    bool started_ = false;
    double best_ = 0;
};

}  // namespace bourse::indicators
