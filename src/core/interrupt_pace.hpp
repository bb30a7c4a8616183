// Looks for interrupts in loops whose rounds differ in length.
#pragma once

#include <cstddef>

#include "core/interrupt.hpp"

namespace bourse {

// Looks whenever enough small steps (a few nanoseconds each) were done: about every millisecond.
class InterruptPace {
public:
    explicit InterruptPace(const CheckInterrupts& interrupts) : interrupts_(interrupts) {}
    void done(std::size_t steps) {
        steps_ += steps;
        if (steps_ < enough) return;
        steps_ = 0;
        check(interrupts_);
    }

private:
    static constexpr std::size_t enough = std::size_t{1} << 17;
    const CheckInterrupts& interrupts_;
    std::size_t steps_ = 0;
};

}  // namespace bourse
