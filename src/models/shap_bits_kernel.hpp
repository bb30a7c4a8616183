// What the kernels of SHAP tables share; the rules of forest_bits_kernel.hpp hold.
#pragma once

#include "models/forest_bits_kernel.hpp"
#include "models/shap_bits.hpp"

namespace bourse::models {
namespace {

// Entries of the way's tables for the rows of `words` words, a byte each: bit i is the turn at test i.
BOURSE_INLINE void find_patterns(const ShapWay& way, const Mask* masks, std::size_t words, std::uint8_t* patterns) {
    for (std::size_t row = 0; row < 64 * words; row += 8) {
        std::uint64_t eight = 0;
        for (std::size_t i = 0; i < bit_levels; ++i) eight |= spread_8(masks[way.tests[i]][row / 64], row) << i;
        __builtin_memcpy(patterns + row, &eight, sizeof eight);
    }
}

}  // namespace
}  // namespace bourse::models
