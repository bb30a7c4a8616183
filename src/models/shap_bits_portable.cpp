// The kernel for every processor.
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

void add(const ShapWay& way, const ShapTable* tables, const Mask* masks, std::size_t words, float* sums) {
    std::uint8_t patterns[bit_rows] = {};
    find_patterns(way, masks, words, patterns);
    for (std::size_t f = 0; f < way.features; ++f) {
        const float* parts = tables[way.table + f].parts;
        float* out = sums + std::size_t{way.feature[f]} * bit_rows;
        for (std::size_t row = 0; row < 64 * words; ++row) out[row] += parts[patterns[row]];
    }
}

}  // namespace

const ShapKernel& portable_shap_kernel() noexcept {
    static constexpr ShapKernel kernel{"portable", add};
    return kernel;
}

const ShapKernel& best_shap_kernel() noexcept {
    if (const auto* kernel = avx512_shap_kernel()) return *kernel;
    if (const auto* kernel = avx2_shap_kernel()) return *kernel;
    return portable_shap_kernel();
}

}  // namespace bourse::models
