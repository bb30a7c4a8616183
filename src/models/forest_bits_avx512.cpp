// The kernel for AVX-512; compiled with its instructions, called only where the processor has them.
#include "models/forest_bits_kernel.hpp"

#if defined(__AVX512BW__)
#include <immintrin.h>
#endif

namespace bourse::models {

#if defined(__AVX512BW__)
namespace {

BOURSE_INLINE unsigned ones(unsigned mask) { return static_cast<unsigned>(__builtin_popcount(mask)); }

// Sixteen ascending values, and how many of them x reaches.
struct Floats {
    explicit BOURSE_INLINE Floats(const float* from) : all(_mm512_load_ps(from)) {}
    BOURSE_INLINE unsigned reached(float x) const {
        return ones(_mm512_cmp_ps_mask(_mm512_set1_ps(x), all, _CMP_GE_OQ));
    }
    __m512 all;
};
struct Doubles {
    explicit BOURSE_INLINE Doubles(const double* from) : low(_mm512_load_pd(from)), high(_mm512_load_pd(from + 8)) {}
    BOURSE_INLINE unsigned reached(double value) const {
        const __m512d x = _mm512_set1_pd(value);
        return ones(_mm512_cmp_pd_mask(x, low, _CMP_GE_OQ)) + ones(_mm512_cmp_pd_mask(x, high, _CMP_GE_OQ));
    }
    __m512d low, high;
};

template <class Sixteen, class T>
void bin(const BitColumn<T>& column, const T* rows, std::size_t width, std::size_t count, BitPlaces places) {
    const Sixteen pivots(column.pivots);
    const T* cuts = column.cuts;
    fill_places(column, rows, width, count, places, [=](T x) {
        const unsigned group = pivots.reached(x);
        return 16 * group + Sixteen(cuts + 16 * group).reached(x);
    });
}

void test(const BitTests& tests, const std::uint8_t* bytes, Mask* masks) {
    for (std::size_t n = 0; n < bit_tests; ++n) {
        const __m512i cut = _mm512_set1_epi8(static_cast<char>(tests.cut[n]));
        const std::uint8_t* values = bytes + std::size_t{tests.place[n]} * bit_rows;
        for (std::size_t word = 0; word < bit_words; ++word)
            masks[n][word] = _cvtmask64_u64(_mm512_cmpgt_epu8_mask(_mm512_load_si512(values + 64 * word), cut));
    }
    _mm512_store_si512(masks[bit_tests], _mm512_setzero_si512());
}

// Numbers of the exits of 64 rows, one a byte.
BOURSE_INLINE __m512i exits_of_64(const Mask* turns, std::size_t word) {
    __m512i exit = _mm512_setzero_si512();
    for (std::size_t level = 0; level < bit_levels; ++level)
        exit = _mm512_mask_add_epi8(exit, _cvtu64_mask64(turns[level][word]), exit,
                                    _mm512_set1_epi8(static_cast<char>(32 >> level)));
    return exit;
}

// Calls visit(first row, exits of 16 rows, which of them are 32 or above).
template <class F>
BOURSE_INLINE void each_16_exits(const Mask* masks, F&& visit) {
    alignas(64) Mask turns[bit_levels];
    Masks resolved[bit_levels];
    resolve_turns(masks, resolved);
    __builtin_memcpy(turns, resolved, sizeof turns);
    for (std::size_t word = 0; word < bit_words; ++word) {
        const __m512i exits = exits_of_64(turns, word);
        const auto high = turns[0][word];
        visit(64 * word, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(exits)), static_cast<__mmask16>(high));
        visit(64 * word + 16, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(exits, 1)),
              static_cast<__mmask16>(high >> 16));
        visit(64 * word + 32, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(exits, 2)),
              static_cast<__mmask16>(high >> 32));
        visit(64 * word + 48, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(exits, 3)),
              static_cast<__mmask16>(high >> 48));
    }
}

void add(const Mask* masks, const float* leaves, float* sums) {
    const __m512 a = _mm512_load_ps(leaves), b = _mm512_load_ps(leaves + 16), c = _mm512_load_ps(leaves + 32),
                 d = _mm512_load_ps(leaves + 48);
    each_16_exits(masks, [&](std::size_t row, __m512i exits, __mmask16 high) {
        const __m512 value =
            _mm512_mask_blend_ps(high, _mm512_permutex2var_ps(a, exits, b), _mm512_permutex2var_ps(c, exits, d));
        _mm512_store_ps(sums + row, _mm512_add_ps(_mm512_load_ps(sums + row), value));
    });
}

// Of 8 rows: two exits a permutation, then the halves that the higher bits choose.
BOURSE_INLINE void add_8(const __m512d* leaves, __m512i exits, double* sums) {
    const auto half = [&](const __m512d* from) {
        return _mm512_mask_blend_pd(_mm512_test_epi64_mask(exits, _mm512_set1_epi64(16)),
                                    _mm512_permutex2var_pd(from[0], exits, from[1]),
                                    _mm512_permutex2var_pd(from[2], exits, from[3]));
    };
    const __m512d value =
        _mm512_mask_blend_pd(_mm512_test_epi64_mask(exits, _mm512_set1_epi64(32)), half(leaves), half(leaves + 4));
    _mm512_store_pd(sums, _mm512_add_pd(_mm512_load_pd(sums), value));
}

void add_wide(const Mask* masks, const double* leaves, double* sums) {
    __m512d all[8];
    for (std::size_t i = 0; i < 8; ++i) all[i] = _mm512_load_pd(leaves + 8 * i);
    each_16_exits(masks, [&](std::size_t row, __m512i exits, __mmask16) {
        add_8(all, _mm512_cvtepu32_epi64(_mm512_castsi512_si256(exits)), sums + row);
        add_8(all, _mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(exits, 1)), sums + row + 8);
    });
}

void find(const Mask* masks, const std::uint32_t* exits, std::uint32_t* found) {
    each_16_exits(masks, [&](std::size_t row, __m512i at, __mmask16) {
        _mm512_store_si512(found + row, _mm512_i32gather_epi32(at, exits, 4));
    });
}

}  // namespace

const BitKernel* avx512_bit_kernel() noexcept {
    static constexpr BitKernel kernel{"AVX-512", bin<Floats, float>, bin<Doubles, double>, test, add, add_wide, find};
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("popcnt")
               ? &kernel
               : nullptr;
}
#else
const BitKernel* avx512_bit_kernel() noexcept { return nullptr; }
#endif

}  // namespace bourse::models
