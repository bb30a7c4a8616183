// Whether one series lies on one side of another, the common part of above, below, crossover and crossunder.
#pragma once

#include "indicators/indicator.hpp"

namespace bourse::indicators {

enum class Side { above, below };

template <Side side>
bool beyond(double a, double b) noexcept {
    return side == Side::above ? a > b : a < b;
}

// 1 once in[0] has been beyond in[1] for as many bars as params[0] says, else 0.
template <class Kernel, Side side>
class StaysBeyond : public Streaming<Kernel> {
public:
    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit StaysBeyond(std::span<const double> params)
        : bars_(params[0]), waiting_(static_cast<int>(params[0]) - 1) {}

    void step(const double* in, double* out) noexcept {
        run_ = beyond<side>(in[0], in[1]) ? run_ + 1 : 0;
        if (waiting_ > 0)
            --waiting_;
        else
            out[0] = run_ >= bars_ ? 1 : 0;
    }

private:
    double bars_, run_ = 0;
    int waiting_;
};

// 1 on the bar on which in[0] gets beyond in[1], else 0.
template <class Kernel, Side side>
class GetsBeyond : public Streaming<Kernel> {
public:
    static int lookback(std::span<const double>) { return 1; }

    explicit GetsBeyond(std::span<const double>) {}

    void step(const double* in, double* out) noexcept {
        const bool now = beyond<side>(in[0], in[1]);
        if (started_) out[0] = now && !before_ ? 1 : 0;
        started_ = true;
        before_ = now;
    }

private:
    bool started_ = false, before_ = false;
};

}  // namespace bourse::indicators
