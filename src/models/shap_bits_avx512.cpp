// The kernel for AVX-512; compiled with its instructions, called only where the processor has them.
#include "models/forest_bits_kernel.hpp"
#include "models/shap_bits.hpp"

#if defined(__AVX512BW__)
#include <immintrin.h>
#endif

namespace bourse::models {

#if defined(__AVX512BW__)
namespace {

// A table in registers.
struct Table {
    explicit BOURSE_INLINE Table(const ShapTable& from)
        : a(_mm512_load_ps(from.parts)),
          b(_mm512_load_ps(from.parts + 16)),
          c(_mm512_load_ps(from.parts + 32)),
          d(_mm512_load_ps(from.parts + 48)) {}
    // Adds the entries of 16 rows, whose upper bit is in `high`.
    BOURSE_INLINE void add(__m512i low, __mmask16 high, float* sums) const {
        const __m512 part =
            _mm512_mask_blend_ps(high, _mm512_permutex2var_ps(a, low, b), _mm512_permutex2var_ps(c, low, d));
        _mm512_store_ps(sums, _mm512_add_ps(_mm512_load_ps(sums), part));
    }
    __m512 a, b, c, d;
};

// Two features a turn share the reading of the patterns.
void add(const ShapWay& way, const ShapTable* tables, const Mask* masks, std::size_t words, float* sums) {
    alignas(64) std::uint8_t low[bit_rows];  // the five lower bits of the patterns
    for (std::size_t word = 0; word < words; ++word) {
        __m512i pattern = _mm512_setzero_si512();
        for (std::size_t i = 0; i < bit_levels - 1; ++i)
            pattern = _mm512_mask_add_epi8(pattern, _cvtu64_mask64(masks[way.tests[i]][word]), pattern,
                                           _mm512_set1_epi8(static_cast<char>(1 << i)));
        _mm512_store_si512(low + 64 * word, pattern);
    }
    std::uint16_t high[bit_rows / 16];
    __builtin_memcpy(high, masks[way.tests[bit_levels - 1]], sizeof high);
    const auto lower_bits = [&low](std::size_t part) {
        return _mm512_cvtepu8_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(low + 16 * part)));
    };
    const std::size_t parts = 4 * words;
    std::size_t f = 0;
    for (; f + 2 <= way.features; f += 2) {
        const Table one(tables[way.table + f]), two(tables[way.table + f + 1]);
        float* out_one = sums + std::size_t{way.feature[f]} * bit_rows;
        float* out_two = sums + std::size_t{way.feature[f + 1]} * bit_rows;
        for (std::size_t part = 0; part < parts; ++part) {
            const __m512i at = lower_bits(part);
            one.add(at, high[part], out_one + 16 * part);
            two.add(at, high[part], out_two + 16 * part);
        }
    }
    if (f == way.features) return;
    const Table last(tables[way.table + f]);
    float* out = sums + std::size_t{way.feature[f]} * bit_rows;
    for (std::size_t part = 0; part < parts; ++part) last.add(lower_bits(part), high[part], out + 16 * part);
}

}  // namespace

const ShapKernel* avx512_shap_kernel() noexcept {
    static constexpr ShapKernel kernel{"AVX-512", add};
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") ? &kernel : nullptr;
}
#else
const ShapKernel* avx512_shap_kernel() noexcept { return nullptr; }
#endif

}  // namespace bourse::models
