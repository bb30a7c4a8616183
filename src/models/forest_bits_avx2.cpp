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
BOURSE_INLINE unsigned reached_of_256(T x, const BitColumn<T>& column) {
    const unsigned group = reached_of_16(x, column.pivots);
    return 16 * group + reached_of_16(x, column.cuts + 16 * group);
}

void bin(const FloatColumn& column, const float* values, std::size_t count, BitPlaces places) {
    fill_places(column, values, count, places, [&exact = column.exact](float x) { return reached_of_256(x, exact); });
}
void bin_wide(const BitColumn<double>& column, const double* rows, std::size_t width, std::size_t count,
              BitPlaces places) {
    fill_places(column, rows, width, count, places, [&column](double x) { return reached_of_256(x, column); });
}

void turn(const float* rows, std::size_t width, std::size_t features, std::size_t count, float* columns) {
    turn_rows(rows, width, features, count, columns);
}

// Bit i: value i is above the cut.
BOURSE_INLINE std::uint32_t above(const std::uint8_t* values, __m256i cut) {
    const __m256i v = _mm256_load_si256(reinterpret_cast<const __m256i*>(values));
    return ~static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(v, cut), v)));
}

void test(const BitTests& tests, const std::uint8_t* bytes, Mask* masks) {
    for (std::size_t n = 0; n < bit_tests; ++n) {
        const __m256i cut = _mm256_set1_epi8(static_cast<char>(tests.cut[n]));
        const std::uint8_t* values = bytes + tests.bytes[n];
        for (std::size_t word = 0; word < bit_words; ++word)
            masks[n][word] =
                above(values + 64 * word, cut) | static_cast<std::uint64_t>(above(values + 64 * word + 32, cut)) << 32;
    }
    for (auto& word : masks[bit_tests]) word = 0;
}

struct ByteLanes {
    using Turn = __m256i;  // 0xff: left
    static BOURSE_INLINE __m256i select(__m256i turn, __m256i left, __m256i right) {
        return _mm256_blendv_epi8(right, left, turn);
    }
};

// 32 rows of a block on their way down a tree.
struct Descent {
    const BitTests& tests;
    const std::uint8_t* bytes;              // of the first row
    __m256i turns[bit_levels];              // above the level
    __m256i node = _mm256_setzero_si256();  // on its level, by row

    // 16 cuts of a level from the test `first` on, by the four lower bits of the rows' nodes.
    BOURSE_INLINE __m256i cuts(std::size_t first) const {
        const auto* from = reinterpret_cast<const __m128i*>(tests.cut + first);
        return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_loadu_si128(from)), node);
    }
    template <std::size_t Level>
    BOURSE_INLINE void step() {
        constexpr std::size_t first = (std::size_t{1} << Level) - 1;
        const __m256i value = Chosen<ByteLanes, Level>::of(first, Level, turns, [this](std::size_t test) {
            return _mm256_load_si256(reinterpret_cast<const __m256i*>(bytes + tests.bytes[test]));
        });
        __m256i cut = cuts(first);
        if constexpr (Level == 5) cut = ByteLanes::select(turns[0], cut, cuts(first + 16));
        turns[Level] = _mm256_cmpeq_epi8(_mm256_min_epu8(value, cut), value);
        node = _mm256_add_epi8(_mm256_add_epi8(node, node), _mm256_add_epi8(turns[Level], _mm256_set1_epi8(1)));
    }
    // Exits of the rows, one a byte.
    BOURSE_INLINE __m256i exits() {
        step<0>();
        step<1>();
        step<2>();
        step<3>();
        step<4>();
        step<5>();
        return node;
    }
};

// Calls visit(first row, exits of 8 rows as int32).
template <class F>
BOURSE_INLINE void each_8_exits(const BitTests& tests, const std::uint8_t* bytes, F&& visit) {
    for (std::size_t row = 0; row < bit_rows; row += 32) {
        Descent rows{tests, bytes + row, {}};
        const __m256i exits = rows.exits();
        const __m128i low = _mm256_castsi256_si128(exits), high = _mm256_extracti128_si256(exits, 1);
        visit(row, _mm256_cvtepu8_epi32(low));
        visit(row + 8, _mm256_cvtepu8_epi32(_mm_srli_si128(low, 8)));
        visit(row + 16, _mm256_cvtepu8_epi32(high));
        visit(row + 24, _mm256_cvtepu8_epi32(_mm_srli_si128(high, 8)));
    }
}

void add(const BitTests& tests, const std::uint8_t* bytes, const float* leaves, float* sums) {
    each_8_exits(tests, bytes, [=](std::size_t row, __m256i exits) {
        const __m256 values = _mm256_i32gather_ps(leaves, exits, 4);
        _mm256_store_ps(sums + row, _mm256_add_ps(_mm256_load_ps(sums + row), values));
    });
}

BOURSE_INLINE void add_4(const double* leaves, __m128i exits, double* sums) {
    _mm256_store_pd(sums, _mm256_add_pd(_mm256_load_pd(sums), _mm256_i32gather_pd(leaves, exits, 8)));
}

void add_wide(const BitTests& tests, const std::uint8_t* bytes, const double* leaves, double* sums) {
    each_8_exits(tests, bytes, [=](std::size_t row, __m256i exits) {
        add_4(leaves, _mm256_castsi256_si128(exits), sums + row);
        add_4(leaves, _mm256_extracti128_si256(exits, 1), sums + row + 4);
    });
}

void find(const BitTests& tests, const std::uint8_t* bytes, const std::uint32_t* exits, std::uint32_t* found) {
    each_8_exits(tests, bytes, [=](std::size_t row, __m256i at) {
        _mm256_store_si256(reinterpret_cast<__m256i*>(found + row),
                           _mm256_i32gather_epi32(reinterpret_cast<const int*>(exits), at, 4));
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
