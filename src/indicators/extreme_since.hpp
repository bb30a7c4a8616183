// The extreme price since a condition was last true, the common part of HIGHEST_SINCE and LOWEST_SINCE.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

// Inputs price, condition. Extreme: Highest or Lowest.
template <class Kernel, class Extreme>
class ExtremeSince : public Streaming<Kernel> {
public:
    static int lookback(std::span<const double>) { return 0; }

    explicit ExtremeSince(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        const Extreme now = Extreme::of(in[0]);
        if (in[1] != 0) {
            started_ = true;
            best_ = now;
        } else if (started_) {
            best_ = Extreme::merge(best_, now);
        }
        if (started_) out[0] = best_.value;
    }

private:
    bool started_ = false;
    Extreme best_;
};

}  // namespace bourse::indicators
