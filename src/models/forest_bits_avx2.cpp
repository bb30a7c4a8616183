// The kernel for AVX2; compiled with its instructions, called only where the processor has them.
#include "models/forest_bits_kernel.hpp"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace bourse::models {

#if defined(__AVX2__)
namespace {

BOURSE_INLINE unsigned reached_of_8(__m256 x, const float* cuts) {
    return static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(x, _mm256_load_ps(cuts), _CMP_GE_OQ)));
}
BOURSE_INLINE unsigned reached_of_4(__m256d x, const double* cuts) {
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_cmp_pd(x, _mm256_load_pd(cuts), _CMP_GE_OQ)));
}

// How many of 16 ascending values x reaches.
BOURSE_INLINE unsigned reached_of_16(float value, const float* cuts) {
    const __m256 x = _mm256_set1_ps(value);
    return static_cast<unsigned>(__builtin_popcount(reached_of_8(x, cuts) | reached_of_8(x, cuts + 8) << 8));
}
BOURSE_INLINE unsigned reached_of_16(double value, const double* cuts) {
    const __m256d x = _mm256_set1_pd(value);
    return static_cast<unsigned>(__builtin_popcount(reached_of_4(x, cuts) | reached_of_4(x, cuts + 4) << 4 |
                                                    reached_of_4(x, cuts + 8) << 8 | reached_of_4(x, cuts + 12) << 12));
}

template <class T>
void bin(const BitColumn<T>& column, const T* rows, std::size_t width, std::size_t count, BitPlaces places) {
    const T *pivots = column.pivots, *cuts = column.cuts;
    fill_places(column, rows, width, count, places, [=](T x) {
        const unsigned group = reached_of_16(x, pivots);
        return 16 * group + reached_of_16(x, cuts + 16 * group);
    });
}

// Bit i: value i is above the cut.
BOURSE_INLINE std::uint32_t above(const std::uint8_t* values, __m256i cut) {
    const __m256i v = _mm256_load_si256(reinterpret_cast<const __m256i*>(values));
    return ~static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(v, cut), v)));
}

void test(const BitTests& tests, const std::uint8_t* bytes, Mask* masks) {
    for (std::size_t n = 0; n < bit_tests; ++n) {
        const __m256i cut = _mm256_set1_epi8(static_cast<char>(tests.cut[n]));
        const std::uint8_t* values = bytes + std::size_t{tests.place[n]} * bit_rows;
        for (std::size_t word = 0; word < bit_words; ++word)
            masks[n][word] =
                above(values + 64 * word, cut) | static_cast<std::uint64_t>(above(values + 64 * word + 32, cut)) << 32;
    }
    for (auto& word : masks[bit_tests]) word = 0;
}

// 0xff in the bytes whose bit is set.
BOURSE_INLINE __m256i bytes_of(std::uint32_t bits) {
    const __m256i spread =
        _mm256_shuffle_epi8(_mm256_set1_epi32(static_cast<int>(bits)),
                            _mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303));
    const __m256i own = _mm256_set1_epi64x(static_cast<long long>(0x8040201008040201));
    return _mm256_cmpeq_epi8(_mm256_and_si256(spread, own), own);
}

// Calls visit(first row, exits of 8 rows as int32).
template <class F>
BOURSE_INLINE void each_8_exits(const Mask* masks, F&& visit) {
    alignas(64) std::uint32_t turns[bit_levels][2 * bit_words];
    Masks resolved[bit_levels];
    resolve_turns(masks, resolved);
    __builtin_memcpy(turns, resolved, sizeof turns);
    for (std::size_t half = 0; half < 2 * bit_words; ++half) {
        __m256i exits = _mm256_setzero_si256();  // of 32 rows, one a byte
        for (std::size_t level = 0; level < bit_levels; ++level)
            exits = _mm256_sub_epi8(_mm256_add_epi8(exits, exits), bytes_of(turns[level][half]));
        const __m128i low = _mm256_castsi256_si128(exits), high = _mm256_extracti128_si256(exits, 1);
        visit(32 * half, _mm256_cvtepu8_epi32(low));
        visit(32 * half + 8, _mm256_cvtepu8_epi32(_mm_srli_si128(low, 8)));
        visit(32 * half + 16, _mm256_cvtepu8_epi32(high));
        visit(32 * half + 24, _mm256_cvtepu8_epi32(_mm_srli_si128(high, 8)));
    }
}

void add(const Mask* masks, const float* leaves, float* sums) {
    each_8_exits(masks, [=](std::size_t row, __m256i exits) {
        const __m256 values = _mm256_i32gather_ps(leaves, exits, 4);
        _mm256_store_ps(sums + row, _mm256_add_ps(_mm256_load_ps(sums + row), values));
    });
}

BOURSE_INLINE void add_4(const double* leaves, __m128i exits, double* sums) {
    _mm256_store_pd(sums, _mm256_add_pd(_mm256_load_pd(sums), _mm256_i32gather_pd(leaves, exits, 8)));
}

void add_wide(const Mask* masks, const double* leaves, double* sums) {
    each_8_exits(masks, [=](std::size_t row, __m256i exits) {
        add_4(leaves, _mm256_castsi256_si128(exits), sums + row);
        add_4(leaves, _mm256_extracti128_si256(exits, 1), sums + row + 4);
    });
}

void find(const Mask* masks, const std::uint32_t* exits, std::uint32_t* found) {
    each_8_exits(masks, [=](std::size_t row, __m256i at) {
        _mm256_store_si256(reinterpret_cast<__m256i*>(found + row),
                           _mm256_i32gather_epi32(reinterpret_cast<const int*>(exits), at, 4));
    });
}

}  // namespace

const BitKernel* avx2_bit_kernel() noexcept {
    static constexpr BitKernel kernel{"AVX2", bin<float>, bin<double>, test, add, add_wide, find};
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") ? &kernel : nullptr;
}
#else
const BitKernel* avx2_bit_kernel() noexcept { return nullptr; }
#endif

}  // namespace bourse::models
