// The kernel for every processor.
#include "models/shap_bits_kernel.hpp"

namespace bourse::models {
namespace {

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
