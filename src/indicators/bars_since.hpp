// Bars since a condition was last true.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class BarsSince : public Streaming<BarsSince> {
public:
    static constexpr Info info{.name = "bars_since",
                               .family = "signals",
                               .summary = "bars since a condition was last true",
                               .inputs = {"condition"},
                               .params = {},
                               .outputs = {{"bars_since", unit::bars, 0}},
                               .formula = "0 where condition is not 0, else one more than on the bar before",
                               .source = "definition",
                               .undefined = "before the condition is true for the first time"};

    static int lookback(std::span<const double>) { return 0; }

    explicit BarsSince(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        since_ = in[0] != 0 ? 0 : since_ + 1;
        out[0] = since_;
    }

private:
    double since_ = missing;
};

}  // namespace bourse::indicators
