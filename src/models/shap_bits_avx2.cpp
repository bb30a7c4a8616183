// The kernel for AVX2; compiled with its instructions, called only where the processor has them.
#include "models/shap_bits_kernel.hpp"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace bourse::models {

#if defined(__AVX2__)
namespace {

void add(const ShapWay& way, const ShapTable* tables, const Mask* masks, std::size_t words, float* sums) {
    alignas(64) std::uint8_t patterns[bit_rows];
    find_patterns(way, masks, words, patterns);
    for (std::size_t f = 0; f < way.features; ++f) {
        const float* parts = tables[way.table + f].parts;
        float* out = sums + std::size_t{way.feature[f]} * bit_rows;
        for (std::size_t row = 0; row < 64 * words; row += 8) {
            const __m256i at = _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(patterns + row)));
            const __m256 part = _mm256_i32gather_ps(parts, at, 4);
            _mm256_store_ps(out + row, _mm256_add_ps(_mm256_load_ps(out + row), part));
        }
    }
}

}  // namespace

const ShapKernel* avx2_shap_kernel() noexcept {
    static constexpr ShapKernel kernel{"AVX2", add};
    return __builtin_cpu_supports("avx2") ? &kernel : nullptr;
}
#else
const ShapKernel* avx2_shap_kernel() noexcept { return nullptr; }
#endif

}  // namespace bourse::models
