// An exponential average of an exponential average.
#pragma once

#include "indicators/smoothing.hpp"

namespace bourse::indicators {

class DoubleSmoothing {
public:
    DoubleSmoothing(int first, int second) noexcept
        : first_(Smoothing::exponential(first)), second_(Smoothing::exponential(second)) {}

    // True once value() is one.
    bool push(double x) noexcept {
        first_.push(x);
        if (!first_.ready()) return false;
        second_.push(first_.value());
        return second_.ready();
    }
    double value() const noexcept { return second_.value(); }

private:
    Smoothing first_, second_;
};

}  // namespace bourse::indicators
