// Many float32 in order, by their bits: some passes of counting instead of the comparisons of a sort, of which every
// second is guessed wrong by the processor.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/unset.hpp"

namespace bourse {

// Rises with the value; -0 comes before 0, NaNs lie at the ends.
inline std::uint32_t order_key(float value) noexcept {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return bits & 0x80000000U ? ~bits : bits | 0x80000000U;
}
inline float from_order_key(std::uint32_t key) noexcept {
    return std::bit_cast<float>(key & 0x80000000U ? key & 0x7fffffffU : ~key);
}

// Sorts one run of values after the other, ascending, in three passes. Memory: twice the longest run's, kept.
class FloatSorter {
public:
    void sort(std::span<float> values);

private:
    UnsetVector<std::uint32_t> keys_, other_;
};

}  // namespace bourse
