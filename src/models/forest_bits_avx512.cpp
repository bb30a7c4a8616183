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
        const std::uint8_t* values = bytes + tests.bytes[n];
        for (std::size_t word = 0; word < bit_words; ++word)
            masks[n][word] = _cvtmask64_u64(_mm512_cmpgt_epu8_mask(_mm512_load_si512(values + 64 * word), cut));
    }
    _mm512_store_si512(masks[bit_tests], _mm512_setzero_si512());
}

struct ByteLanes {
    using Turn = __mmask64;
    static BOURSE_INLINE __m512i select(__mmask64 turn, __m512i left, __m512i right) {
        return _mm512_mask_blend_epi8(turn, left, right);
    }
};

// 64 rows of a block on their way down a tree.
struct Descent {
    const BitTests& tests;
    const std::uint8_t* bytes;              // of the first row
    __mmask64 turns[bit_levels];            // above the level
    __m512i node = _mm512_setzero_si512();  // on its level, by row

    // 16 cuts of a level from the test `first` on, by the four lower bits of the rows' nodes.
    BOURSE_INLINE __m512i cuts(std::size_t first) const {
        const auto* from = reinterpret_cast<const __m128i*>(tests.cut + first);
        return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(_mm_loadu_si128(from)), node);
    }
    template <std::size_t Level>
    BOURSE_INLINE void step() {
        constexpr std::size_t first = (std::size_t{1} << Level) - 1;
        const __m512i value = Chosen<ByteLanes, Level>::of(
            first, Level, turns, [this](std::size_t test) { return _mm512_load_si512(bytes + tests.bytes[test]); });
        __m512i cut = cuts(first);
        if constexpr (Level == 5) cut = _mm512_mask_blend_epi8(turns[0], cut, cuts(first + 16));
        turns[Level] = _mm512_cmpgt_epu8_mask(value, cut);
        node = _mm512_add_epi8(node, node);
        node = _mm512_mask_sub_epi8(node, turns[Level], node, _mm512_set1_epi8(-1));
    }
    // Exits of the rows, one a byte.
    BOURSE_INLINE __m512i exits() {
        step<0>();
        step<1>();
        step<2>();
        step<3>();
        step<4>();
        step<5>();
        return node;
    }
};

// Calls visit(first row, exits of 64 rows, one a byte).
template <class F>
BOURSE_INLINE void each_64_exits(const BitTests& tests, const std::uint8_t* bytes, F&& visit) {
    for (std::size_t row = 0; row < bit_rows; row += 64) {
        Descent rows{tests, bytes + row, {}};
        visit(row, rows.exits());
    }
}

// Numbers of 16 rows out of those of 64, as int32.
template <int Part>
BOURSE_INLINE __m512i sixteen(__m512i exits) {
    return _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(exits, Part));
}
template <int Part>
BOURSE_INLINE __mmask16 sixteen(__mmask64 rows) {
    return static_cast<__mmask16>(_cvtmask64_u64(rows) >> (16 * Part));
}

// 64 entries of 32 bits.
struct Table {
    // Entry `at` of each of 16 rows; `upper`: it is one of the last 32.
    BOURSE_INLINE __m512i of(__m512i at, __mmask16 upper) const {
        return _mm512_mask_blend_epi32(upper, _mm512_permutex2var_epi32(parts[0], at, parts[1]),
                                       _mm512_permutex2var_epi32(parts[2], at, parts[3]));
    }
    __m512i parts[4];
};

void add(const BitTests& tests, const std::uint8_t* bytes, const float* leaves, float* sums) {
    Table table;
    for (std::size_t i = 0; i < 4; ++i) table.parts[i] = _mm512_load_si512(leaves + 16 * i);
    const auto add_16 = [&](__m512i at, __mmask16 upper, float* to) {
        const __m512 value = _mm512_castsi512_ps(table.of(at, upper));
        _mm512_store_ps(to, _mm512_add_ps(_mm512_load_ps(to), value));
    };
    each_64_exits(tests, bytes, [&](std::size_t row, __m512i exits) {
        const __mmask64 upper = _mm512_test_epi8_mask(exits, _mm512_set1_epi8(32));
        add_16(sixteen<0>(exits), sixteen<0>(upper), sums + row);
        add_16(sixteen<1>(exits), sixteen<1>(upper), sums + row + 16);
        add_16(sixteen<2>(exits), sixteen<2>(upper), sums + row + 32);
        add_16(sixteen<3>(exits), sixteen<3>(upper), sums + row + 48);
    });
}

// Halves of the leaves are looked up by themselves, and put together with their neighbours in the order in which the
// instruction leaves them: the rows are taken in an order that makes it theirs.
void add_wide(const BitTests& tests, const std::uint8_t* bytes, const double* leaves, double* sums) {
    Table low, high;
    const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
    for (std::size_t i = 0; i < 4; ++i) {
        const __m512i a = _mm512_load_si512(leaves + 16 * i), b = _mm512_load_si512(leaves + 16 * i + 8);
        low.parts[i] = _mm512_permutex2var_epi32(a, even, b);
        high.parts[i] = _mm512_permutex2var_epi32(a, odd, b);
    }
    const __m512i order = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15));
    const auto add_8 = [](__m512i value, double* to) {
        _mm512_store_pd(to, _mm512_add_pd(_mm512_load_pd(to), _mm512_castsi512_pd(value)));
    };
    const auto add_16 = [&](__m512i at, __mmask16 upper, double* to) {
        const __m512i lower_half = low.of(at, upper), upper_half = high.of(at, upper);
        add_8(_mm512_unpacklo_epi32(lower_half, upper_half), to);
        add_8(_mm512_unpackhi_epi32(lower_half, upper_half), to + 8);
    };
    each_64_exits(tests, bytes, [&](std::size_t row, __m512i found) {
        const __m512i exits = _mm512_shuffle_epi8(found, order);
        const __mmask64 upper = _mm512_test_epi8_mask(exits, _mm512_set1_epi8(32));
        add_16(sixteen<0>(exits), sixteen<0>(upper), sums + row);
        add_16(sixteen<1>(exits), sixteen<1>(upper), sums + row + 16);
        add_16(sixteen<2>(exits), sixteen<2>(upper), sums + row + 32);
        add_16(sixteen<3>(exits), sixteen<3>(upper), sums + row + 48);
    });
}

void find(const BitTests& tests, const std::uint8_t* bytes, const std::uint32_t* exits, std::uint32_t* found) {
    Table table;
    for (std::size_t i = 0; i < 4; ++i) table.parts[i] = _mm512_load_si512(exits + 16 * i);
    each_64_exits(tests, bytes, [&](std::size_t row, __m512i at) {
        const __mmask64 upper = _mm512_test_epi8_mask(at, _mm512_set1_epi8(32));
        _mm512_store_si512(found + row, table.of(sixteen<0>(at), sixteen<0>(upper)));
        _mm512_store_si512(found + row + 16, table.of(sixteen<1>(at), sixteen<1>(upper)));
        _mm512_store_si512(found + row + 32, table.of(sixteen<2>(at), sixteen<2>(upper)));
        _mm512_store_si512(found + row + 48, table.of(sixteen<3>(at), sixteen<3>(upper)));
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
