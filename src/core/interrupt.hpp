// Lets a long loop be cancelled from outside.
#pragma once

#include <functional>

namespace bourse {

// Called every few thousand elements; throws to cancel. An empty one is never called.
using CheckInterrupts = std::function<void()>;

inline void check(const CheckInterrupts& interrupts) {
    if (interrupts) interrupts();
}

}  // namespace bourse
