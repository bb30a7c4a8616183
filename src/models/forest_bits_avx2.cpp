// The kernel for AVX2; compiled with its instructions, called only where the processor has them.
#include "models/byte_tables_avx2.hpp"
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
BOURSE_INLINE unsigned reached_of_256(T x, const BitColumn<T>& column) {
    const unsigned group = reached_of_16(x, column.pivots);
    return 16 * group + reached_of_16(x, column.cuts + 16 * group);
}

// Eight values as they are compared, NaN for missing ones.
template <MissingAs Missing, bool Dust>
BOURSE_INLINE __m256 compared_8(__m256 x) {
    if (!Dust) return x;
    const __m256 size = _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x);
    const __m256 kept =
        _mm256_cmp_ps(size, _mm256_set1_ps(1e-35f), Missing == MissingAs::nan ? _CMP_NLE_UQ : _CMP_GT_OQ);
    return Missing == MissingAs::nan_or_zero ? _mm256_blendv_ps(_mm256_set1_ps(__builtin_nanf("")), x, kept)
                                             : _mm256_and_ps(kept, x);
}

// 32 bytes of which each is all ones where the value is missing.
BOURSE_INLINE __m256i missing_of_32(const float* values) {
    const auto of_8 = [values](std::size_t first) {
        const __m256 x = _mm256_load_ps(values + first);
        return _mm256_castps_si256(_mm256_cmp_ps(x, x, _CMP_UNORD_Q));
    };
    const __m256i low = _mm256_packs_epi32(of_8(0), of_8(8)), high = _mm256_packs_epi32(of_8(16), of_8(24));
    return _mm256_permutevar8x32_epi32(_mm256_packs_epi16(low, high), _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

// A value's key tells where the eight cuts begin that it has to be compared with.
template <MissingAs Missing, bool Dust>
BOURSE_INLINE void bin_by_starts(const FloatColumn& column, const float* values, std::size_t count, BitPlaces places) {
    const __m256 scale = _mm256_set1_ps(column.scale), offset = _mm256_set1_ps(column.offset);
    const float* cuts = column.exact.cuts;
    const std::uint8_t* starts = column.starts;
    alignas(32) float x[32];
    alignas(32) std::uint32_t start_at[32];
    alignas(32) std::uint8_t reached[32];
    for (std::size_t row = 0; row < count; row += 32) {
        for (std::size_t i = 0; i < 32; i += 8) {
            const __m256 eight = compared_8<Missing, Dust>(_mm256_load_ps(values + row + i));
            const __m256 key = _mm256_add_ps(_mm256_mul_ps(eight, scale), offset);
            const __m256 within = _mm256_min_ps(_mm256_max_ps(key, _mm256_setzero_ps()), _mm256_set1_ps(65534));
            _mm256_store_ps(x + i, eight);
            _mm256_store_si256(reinterpret_cast<__m256i*>(start_at + i),
                               _mm256_srli_epi32(_mm256_cvtps_epi32(within), 6));
        }
        for (std::size_t i = 0; i < 32; ++i) {
            const std::size_t start = starts[start_at[i]];
            const __m256 above = _mm256_cmp_ps(_mm256_broadcast_ss(x + i), _mm256_loadu_ps(cuts + start), _CMP_GE_OQ);
            const auto more = __builtin_popcount(static_cast<unsigned>(_mm256_movemask_ps(above)));
            reached[i] = static_cast<std::uint8_t>(start + static_cast<unsigned>(more));
        }
        const __m256i left = _mm256_load_si256(reinterpret_cast<const __m256i*>(reached));  // NaN reaches nothing
        const std::size_t to = row / bit_part * places.stride + row % bit_part;
        if (places.left) _mm256_store_si256(reinterpret_cast<__m256i*>(places.left + to), left);
        if (places.right)
            _mm256_store_si256(reinterpret_cast<__m256i*>(places.right + to), _mm256_or_si256(left, missing_of_32(x)));
    }
    clear_rest(places.left, places.stride, count);
    clear_rest(places.right, places.stride, count);
}

void bin(const FloatColumn& column, const float* values, std::size_t count, BitPlaces places) {
    const auto missing = column.exact.missing;
    if (!column.by_starts)
        fill_places(column, values, count, places,
                    [&exact = column.exact](float x) { return reached_of_256(x, exact); });
    else if (!column.dust)
        bin_by_starts<MissingAs::nan, false>(column, values, count, places);
    else if (missing == MissingAs::nan)
        bin_by_starts<MissingAs::nan, true>(column, values, count, places);
    else if (missing == MissingAs::nan_or_zero)
        bin_by_starts<MissingAs::nan_or_zero, true>(column, values, count, places);
    else
        bin_by_starts<MissingAs::nothing, true>(column, values, count, places);
}
void bin_wide(const BitColumn<double>& column, const double* rows, std::size_t width, std::size_t count,
              BitPlaces places) {
    fill_places(column, rows, width, count, places, [&column](double x) { return reached_of_256(x, column); });
}

// 8 × 8 numbers change rows and columns: pairs, fours, then halves of the registers.
BOURSE_INLINE void turn_8(__m256* rows) {
    __m256 pairs[8];
    for (std::size_t i = 0; i < 8; i += 2) {
        pairs[i] = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
        pairs[i + 1] = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
    }
    __m256 fours[8];
    for (std::size_t i = 0; i < 8; i += 4)
        for (std::size_t k = 0; k < 2; ++k) {
            fours[i + 2 * k] = _mm256_shuffle_ps(pairs[i + k], pairs[i + k + 2], 0x44);
            fours[i + 2 * k + 1] = _mm256_shuffle_ps(pairs[i + k], pairs[i + k + 2], 0xee);
        }
    for (std::size_t i = 0; i < 4; ++i) {
        rows[i] = _mm256_permute2f128_ps(fours[i], fours[i + 4], 0x20);
        rows[i + 4] = _mm256_permute2f128_ps(fours[i], fours[i + 4], 0x31);
    }
}

void turn(const float* rows, std::size_t width, std::size_t features, std::size_t count, float* columns) {
    for (std::size_t first = 0; first < features; first += 8) {
        const auto left = static_cast<int>(features - first);
        const __m256i there = _mm256_cmpgt_epi32(_mm256_set1_epi32(left), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
        for (std::size_t row = 0; row < count; row += 8) {
            __m256 block[8];
            for (std::size_t i = 0; i < 8; ++i)
                block[i] =
                    row + i < count ? _mm256_maskload_ps(rows + (row + i) * width + first, there) : _mm256_setzero_ps();
            turn_8(block);
            for (std::size_t f = 0; f < 8; ++f) _mm256_store_ps(columns + (first + f) * bit_rows + row, block[f]);
        }
    }
}

// Bit i: value i is above the cut.
BOURSE_INLINE std::uint32_t above(const std::uint8_t* values, __m256i cut) {
    const __m256i v = _mm256_load_si256(reinterpret_cast<const __m256i*>(values));
    return ~static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(v, cut), v)));
}
BOURSE_INLINE std::uint64_t above_of_64(const std::uint8_t* values, __m256i cut) {
    return above(values, cut) | static_cast<std::uint64_t>(above(values + 32, cut)) << 32;
}

void test(const BitTests& tests, const std::uint8_t* bytes, std::size_t stride, Mask* masks) {
    for (std::size_t n = 0; n < bit_tests; ++n) {
        const __m256i cut = _mm256_set1_epi8(static_cast<char>(tests.cut[n]));
        const std::uint8_t* values = bytes + tests.bytes[n];
        for (std::size_t word = 0; word < bit_words; ++word)
            masks[n][word] = above_of_64(values + word_at(word, stride), cut);
    }
    for (auto& word : masks[bit_tests]) word = 0;
}

struct Lanes {
    using Bytes = __m256i;
    using Turn = __m256i;  // 0xff: left
    static constexpr std::size_t rows = 32;
    static BOURSE_INLINE Bytes zero() { return _mm256_setzero_si256(); }
    static BOURSE_INLINE Bytes load(const std::uint8_t* from) {
        return _mm256_load_si256(reinterpret_cast<const __m256i*>(from));
    }
    static BOURSE_INLINE Bytes sixteen(const std::uint8_t* table, Bytes at) { return sixteen_bytes(table, at); }
    static BOURSE_INLINE Bytes select(Turn turn, Bytes left, Bytes right) {
        return _mm256_blendv_epi8(right, left, turn);
    }
    static BOURSE_INLINE Turn turn(Bytes values, Bytes cuts) {
        return _mm256_cmpeq_epi8(_mm256_min_epu8(values, cuts), values);
    }
    static BOURSE_INLINE Bytes below(Bytes node, Turn turn) {
        return _mm256_add_epi8(_mm256_add_epi8(node, node), _mm256_add_epi8(turn, _mm256_set1_epi8(1)));
    }
};

BOURSE_INLINE __m256i lower_halves(__m256i a, __m256i b) { return _mm256_permute2x128_si256(a, b, 0x20); }
BOURSE_INLINE __m256i upper_halves(__m256i a, __m256i b) { return _mm256_permute2x128_si256(a, b, 0x31); }

// Calls visit(first row, entries of 8 rows).
template <class E, class F>
BOURSE_INLINE void each_8_entries(const BitTests& tests, const std::uint8_t* part, const BitTable<E>& table,
                                  F&& visit) {
    static_assert(sizeof(E) == 4);
    each_exits<Lanes>(tests, part, [&](std::size_t row, __m256i exits) {
        __m256i words[4];
        words_of_32(table.planes, exits, words);
        visit(row, lower_halves(words[0], words[1]));
        visit(row + 8, lower_halves(words[2], words[3]));
        visit(row + 16, upper_halves(words[0], words[1]));
        visit(row + 24, upper_halves(words[2], words[3]));
    });
}

void add(const BitTests& tests, const std::uint8_t* part, const BitTable<float>& leaves, float* sums) {
    each_8_entries(tests, part, leaves, [=](std::size_t row, __m256i values) {
        _mm256_store_ps(sums + row, _mm256_add_ps(_mm256_load_ps(sums + row), _mm256_castsi256_ps(values)));
    });
}

BOURSE_INLINE void add_4(__m256i values, double* sums) {
    _mm256_store_pd(sums, _mm256_add_pd(_mm256_load_pd(sums), _mm256_castsi256_pd(values)));
}

void add_wide(const BitTests& tests, const std::uint8_t* part, const BitTable<double>& leaves, double* sums) {
    each_exits<Lanes>(tests, part, [&](std::size_t row, __m256i exits) {
        __m256i low[4], high[4];
        words_of_32(leaves.planes, exits, low);
        words_of_32(leaves.planes + 4, exits, high);
        for (std::size_t i = 0; i < 4; ++i) {
            const __m256i two = _mm256_unpacklo_epi32(low[i], high[i]), next = _mm256_unpackhi_epi32(low[i], high[i]);
            add_4(lower_halves(two, next), sums + row + 4 * i);
            add_4(upper_halves(two, next), sums + row + 16 + 4 * i);
        }
    });
}

void find(const BitTests& tests, const std::uint8_t* part, const BitTable<std::uint32_t>& exits, std::uint32_t* found) {
    each_8_entries(tests, part, exits, [=](std::size_t row, __m256i nodes) {
        _mm256_store_si256(reinterpret_cast<__m256i*>(found + row), nodes);
    });
}

}  // namespace

const BitKernel* avx2_bit_kernel() noexcept {
    static constexpr BitKernel kernel{"AVX2", turn, bin, bin_wide, test, add, add_wide, find};
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") ? &kernel : nullptr;
}
#else
const BitKernel* avx2_bit_kernel() noexcept { return nullptr; }
#endif

}  // namespace bourse::models
