// Sorting that can be cancelled.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "core/interrupt.hpp"

namespace bourse::stats {

// Ascending. Values must not be NaN. Interrupts are looked at every 65,536 comparisons (well under 1 ms); when they
// throw, the values are a permutation of what they were.
template <class T, class Less = std::less<>>
void sort_checked(std::span<T> values, const CheckInterrupts& interrupts, Less less = {}) {
    std::uint32_t comparisons = 0;
    std::sort(values.begin(), values.end(), [&](const T& a, const T& b) {
        if ((++comparisons & 0xffff) == 0) check(interrupts);
        return less(a, b);
    });
}

}  // namespace bourse::stats
