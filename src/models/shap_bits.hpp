// SHAP values of many rows at once: the layout that the kernels share.
//
// What a leaf adds to the SHAP value of a feature on its way depends only on which tests of the way the row passes: for
// ways of at most six tests that is a table of 64 numbers for each feature of the way, made once. Explaining a row is
// then to look up: a row's turns at the tests of a way number the entry (see forest_bits.hpp for the masks of turns).
// Leaves of one parent have one way and share tables.
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/forest_bits.hpp"

namespace bourse::models {

inline constexpr std::size_t shap_patterns = 64;  // test i of the way turned right: bit i

struct ShapWay {
    std::uint8_t tests[bit_levels];  // from the root; bit_tests, whose mask is clear, behind the last one
    std::uint8_t features;           // different ones on the way
    std::uint32_t feature[bit_levels];
    std::uint32_t table;  // of the first feature, the others follow
};

struct alignas(64) ShapTable {
    float parts[shap_patterns];
};

struct ShapKernel {
    const char* name;
    // Adds to sums[feature × bit_rows + row] for the way's features and the rows of the first `words` words of the
    // masks. Sums are aligned to 64 bytes. All kernels give the same bits.
    void (*add)(const ShapWay& way, const ShapTable* tables, const Mask* masks, std::size_t words, float* sums);
};

// Those of other instruction sets are null where the compiler or processor has them not.
const ShapKernel& portable_shap_kernel() noexcept;
const ShapKernel* avx2_shap_kernel() noexcept;
const ShapKernel* avx512_shap_kernel() noexcept;
const ShapKernel& best_shap_kernel() noexcept;

}  // namespace bourse::models
