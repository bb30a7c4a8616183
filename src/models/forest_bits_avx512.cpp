// The kernel for AVX-512; compiled with its instructions, called only where the processor has them.
#include "models/forest_bits_kernel.hpp"

#if defined(__AVX512BW__)
#include <immintrin.h>
#endif

namespace bourse::models {

#if defined(__AVX512BW__)
namespace {

BOURSE_INLINE unsigned ones(unsigned mask) { return static_cast<unsigned>(__builtin_popcount(mask)); }

// How many of sixteen ascending values x reaches.
BOURSE_INLINE unsigned reached_of_16(float x, const float* from) {
    return ones(_mm512_cmp_ps_mask(_mm512_set1_ps(x), _mm512_load_ps(from), _CMP_GE_OQ));
}
BOURSE_INLINE unsigned reached_of_16(double value, const double* from) {
    const __m512d x = _mm512_set1_pd(value);
    return ones(_mm512_cmp_pd_mask(x, _mm512_load_pd(from), _CMP_GE_OQ)) +
           ones(_mm512_cmp_pd_mask(x, _mm512_load_pd(from + 8), _CMP_GE_OQ));
}
template <class T>
BOURSE_INLINE unsigned reached_of_256(T x, const BitColumn<T>& column) {
    const unsigned group = reached_of_16(x, column.pivots);
    return 16 * group + reached_of_16(x, column.cuts + 16 * group);
}

void bin_wide(const BitColumn<double>& column, const double* rows, std::size_t width, std::size_t count,
              BitPlaces places) {
    fill_places(column, rows, width, count, places, [&column](double x) { return reached_of_256(x, column); });
}

// Values as they are compared, NaN for missing ones.
template <MissingAs Missing, bool Dust>
BOURSE_INLINE __m512 compared_16(__m512 x) {
    if (!Dust) return x;
    const auto kept = _mm512_cmp_ps_mask(_mm512_abs_ps(x), _mm512_set1_ps(1e-35f),
                                         Missing == MissingAs::nan ? _CMP_NLE_UQ : _CMP_GT_OQ);
    return Missing == MissingAs::nan_or_zero ? _mm512_mask_blend_ps(kept, _mm512_set1_ps(__builtin_nanf("")), x)
                                             : _mm512_maskz_mov_ps(kept, x);
}

struct Keys {
    explicit BOURSE_INLINE Keys(const FloatColumn& column)
        : scale(_mm512_set1_ps(column.scale)), offset(_mm512_set1_ps(column.offset)) {
        for (std::size_t j = 0; j < 8; ++j) cuts[j] = _mm512_load_si512(column.keys[j]);
    }
    // A missing value gets 0.
    BOURSE_INLINE __m512i of_16(__m512 x) const {
        const __m512 key = _mm512_add_ps(_mm512_mul_ps(x, scale), offset);
        return _mm512_cvtps_epi32(_mm512_min_ps(_mm512_max_ps(key, _mm512_setzero_ps()), _mm512_set1_ps(65534)));
    }
    // How many cuts have smaller keys than each of `Parts` times 32 rows; `next`: the key of the first that has not.
    // Several at a time, since every step waits for the one before.
    template <std::size_t Parts>
    BOURSE_INLINE void below(const __m512i* key, __m512i* count, __m512i* next) const {
        __m512i group[Parts];  // of 8 cuts, the last of which is not below
        for (std::size_t p = 0; p < Parts; ++p) group[p] = _mm512_setzero_si512();
        for (short step = 16; step > 0; step = static_cast<short>(step / 2))
            for (std::size_t p = 0; p < Parts; ++p) {
                const __m512i at = _mm512_add_epi16(group[p], _mm512_set1_epi16(static_cast<short>(step - 1)));
                const auto more = _mm512_cmplt_epu16_mask(_mm512_permutexvar_epi16(at, cuts[7]), key[p]);
                group[p] = _mm512_mask_add_epi16(group[p], more, group[p], _mm512_set1_epi16(step));
            }
        for (std::size_t p = 0; p < Parts; ++p) {
            next[p] = _mm512_permutexvar_epi16(group[p], cuts[7]);
            count[p] = _mm512_add_epi16(_mm512_slli_epi16(group[p], 3), _mm512_set1_epi16(7));
        }
        for (std::size_t j = 0; j < 7; ++j)
            for (std::size_t p = 0; p < Parts; ++p) {
                const __m512i cut = _mm512_permutexvar_epi16(group[p], cuts[j]);
                const auto not_below = _mm512_cmpge_epu16_mask(cut, key[p]);
                next[p] = _mm512_mask_min_epu16(next[p], not_below, next[p], cut);
                count[p] = _mm512_mask_sub_epi16(count[p], not_below, count[p], _mm512_set1_epi16(1));
            }
    }
    __m512 scale, offset;
    __m512i cuts[8];
};

BOURSE_INLINE void store_bytes(std::uint8_t* to, __m512i words) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_cvtepi16_epi8(words));
}

// Those of 32 rows whose key is a cut's are looked at one by one.
BOURSE_INLINE __m512i corrected(const FloatColumn& column, __m512 a, __m512 b, unsigned alike, __m512i reached) {
    alignas(64) float x[32];
    alignas(64) std::uint16_t exact[32];
    _mm512_store_ps(x, a);
    _mm512_store_ps(x + 16, b);
    _mm512_store_si512(exact, reached);
    for (; alike != 0; alike &= alike - 1) {
        const auto i = static_cast<unsigned>(__builtin_ctz(alike));
        exact[i] = static_cast<std::uint16_t>(reached_of_256(x[i], column.exact));
    }
    return _mm512_load_si512(exact);
}

template <MissingAs Missing, bool Dust>
BOURSE_INLINE void bin_by_keys(const FloatColumn& column, const float* values, std::size_t count, BitPlaces places) {
    constexpr std::size_t parts = 4;
    static_assert(bit_part % (32 * parts) == 0);
    const Keys keys(column);
    const __m512i lower_words = _mm512_set_epi16(62, 60, 58, 56, 54, 52, 50, 48, 46, 44, 42, 40, 38, 36, 34, 32, 30, 28,
                                                 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
    const auto value = [values](std::size_t row) { return compared_16<Missing, Dust>(_mm512_load_ps(values + row)); };
    for (std::size_t row = 0; row < count; row += 32 * parts) {
        __m512i key[parts], reached[parts], next[parts];
        for (std::size_t p = 0; p < parts; ++p)
            key[p] = _mm512_permutex2var_epi16(keys.of_16(value(row + 32 * p)), lower_words,
                                               keys.of_16(value(row + 32 * p + 16)));
        keys.below<parts>(key, reached, next);
        for (std::size_t p = 0; p < parts; ++p) {
            const std::size_t first = row + 32 * p;
            const __m512 a = value(first), b = value(first + 16);
            const auto missing =
                static_cast<__mmask32>(_mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q) |
                                       static_cast<unsigned>(_mm512_cmp_ps_mask(b, b, _CMP_UNORD_Q)) << 16);
            const unsigned alike = _mm512_cmpeq_epi16_mask(next[p], key[p]) & ~missing;
            if (alike != 0) reached[p] = corrected(column, a, b, alike, reached[p]);
            const __m512i left = _mm512_mask_mov_epi16(reached[p], missing, _mm512_setzero_si512());
            const std::size_t to = row / bit_part * places.stride + row % bit_part + 32 * p;
            if (places.left) store_bytes(places.left + to, left);
            if (places.right)
                store_bytes(places.right + to, _mm512_mask_mov_epi16(left, missing, _mm512_set1_epi16(255)));
        }
    }
    clear_rest(places.left, places.stride, count);
    clear_rest(places.right, places.stride, count);
}

void bin(const FloatColumn& column, const float* values, std::size_t count, BitPlaces places) {
    const auto missing = column.exact.missing;
    if (!column.by_keys)
        fill_places(column, values, count, places,
                    [&exact = column.exact](float x) { return reached_of_256(x, exact); });
    else if (!column.dust)
        bin_by_keys<MissingAs::nan, false>(column, values, count, places);
    else if (missing == MissingAs::nan)
        bin_by_keys<MissingAs::nan, true>(column, values, count, places);
    else if (missing == MissingAs::nan_or_zero)
        bin_by_keys<MissingAs::nan_or_zero, true>(column, values, count, places);
    else
        bin_by_keys<MissingAs::nothing, true>(column, values, count, places);
}

// 16 × 16 numbers change rows and columns: pairs, fours, then quarters of the registers.
BOURSE_INLINE void turn_16(__m512* rows) {
    __m512 pairs[16];
    for (std::size_t i = 0; i < 16; i += 2) {
        pairs[i] = _mm512_unpacklo_ps(rows[i], rows[i + 1]);
        pairs[i + 1] = _mm512_unpackhi_ps(rows[i], rows[i + 1]);
    }
    const auto low = [](__m512 a, __m512 b) {
        return _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
    };
    const auto high = [](__m512 a, __m512 b) {
        return _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
    };
    for (std::size_t i = 0; i < 16; i += 4) {
        rows[i] = low(pairs[i], pairs[i + 2]);
        rows[i + 1] = high(pairs[i], pairs[i + 2]);
        rows[i + 2] = low(pairs[i + 1], pairs[i + 3]);
        rows[i + 3] = high(pairs[i + 1], pairs[i + 3]);
    }
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t half = 0; half < 2; ++half) {
            const __m512 a = rows[i + 8 * half], b = rows[i + 8 * half + 4];
            pairs[i + 8 * half] = _mm512_shuffle_f32x4(a, b, 0x88);
            pairs[i + 8 * half + 4] = _mm512_shuffle_f32x4(a, b, 0xdd);
        }
    for (std::size_t i = 0; i < 8; ++i) {
        rows[i] = _mm512_shuffle_f32x4(pairs[i], pairs[i + 8], 0x88);
        rows[i + 8] = _mm512_shuffle_f32x4(pairs[i], pairs[i + 8], 0xdd);
    }
}

void turn(const float* rows, std::size_t width, std::size_t features, std::size_t count, float* columns) {
    const auto there = static_cast<__mmask16>((1u << features) - 1);
    for (std::size_t row = 0; row < count; row += 16) {
        __m512 block[16];
        for (std::size_t i = 0; i < 16; ++i)
            block[i] = row + i < count ? _mm512_maskz_loadu_ps(there, rows + (row + i) * width) : _mm512_setzero_ps();
        turn_16(block);
        for (std::size_t f = 0; f < 16; ++f) _mm512_store_ps(columns + f * bit_rows + row, block[f]);
    }
}

void test(const BitTests& tests, const std::uint8_t* bytes, std::size_t stride, Mask* masks) {
    for (std::size_t n = 0; n < bit_tests; ++n) {
        const __m512i cut = _mm512_set1_epi8(static_cast<char>(tests.cut[n]));
        const std::uint8_t* values = bytes + tests.bytes[n];
        for (std::size_t word = 0; word < bit_words; ++word) {
            const __m512i own = _mm512_load_si512(values + word_at(word, stride));
            masks[n][word] = _cvtmask64_u64(_mm512_cmpgt_epu8_mask(own, cut));
        }
    }
    _mm512_store_si512(masks[bit_tests], _mm512_setzero_si512());
}

struct Lanes {
    using Bytes = __m512i;
    using Turn = __mmask64;  // right
    static constexpr std::size_t rows = 64;
    static BOURSE_INLINE Bytes zero() { return _mm512_setzero_si512(); }
    static BOURSE_INLINE Bytes load(const std::uint8_t* from) { return _mm512_load_si512(from); }
    static BOURSE_INLINE Bytes sixteen(const std::uint8_t* table, Bytes at) {
        return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(table))),
                                   at);
    }
    static BOURSE_INLINE Bytes select(Turn turn, Bytes left, Bytes right) {
        return _mm512_mask_blend_epi8(turn, left, right);
    }
    static BOURSE_INLINE Turn turn(Bytes values, Bytes cuts) { return _mm512_cmpgt_epu8_mask(values, cuts); }
    static BOURSE_INLINE Bytes below(Bytes node, Turn turn) {
        const Bytes twice = _mm512_add_epi8(node, node);
        return _mm512_mask_sub_epi8(twice, turn, twice, _mm512_set1_epi8(-1));
    }
};

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
    Table() = default;
    explicit BOURSE_INLINE Table(const void* entries) {
        for (std::size_t i = 0; i < 4; ++i) parts[i] = _mm512_load_si512(static_cast<const __m512i*>(entries) + i);
    }
    // Entry `at` of each of 16 rows; `upper`: it is one of the last 32.
    BOURSE_INLINE __m512i of(__m512i at, __mmask16 upper) const {
        return _mm512_mask_blend_epi32(upper, _mm512_permutex2var_epi32(parts[0], at, parts[1]),
                                       _mm512_permutex2var_epi32(parts[2], at, parts[3]));
    }
    __m512i parts[4];
};

void add(const BitTests& tests, const std::uint8_t* part, const BitTable<float>& leaves, float* sums) {
    const Table table(leaves.entries);
    const auto add_16 = [&](__m512i at, __mmask16 upper, float* to) {
        const __m512 value = _mm512_castsi512_ps(table.of(at, upper));
        _mm512_store_ps(to, _mm512_add_ps(_mm512_load_ps(to), value));
    };
    each_exits<Lanes>(tests, part, [&](std::size_t row, __m512i exits) {
        const __mmask64 upper = _mm512_test_epi8_mask(exits, _mm512_set1_epi8(32));
        add_16(sixteen<0>(exits), sixteen<0>(upper), sums + row);
        add_16(sixteen<1>(exits), sixteen<1>(upper), sums + row + 16);
        add_16(sixteen<2>(exits), sixteen<2>(upper), sums + row + 32);
        add_16(sixteen<3>(exits), sixteen<3>(upper), sums + row + 48);
    });
}

// Halves of the leaves are looked up by themselves, and put together with their neighbours in the order in which the
// instruction leaves them: the rows are taken in an order that makes it theirs.
void add_wide(const BitTests& tests, const std::uint8_t* part, const BitTable<double>& leaves, double* sums) {
    Table low, high;
    const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
    for (std::size_t i = 0; i < 4; ++i) {
        const __m512i a = _mm512_load_si512(leaves.entries + 16 * i),
                      b = _mm512_load_si512(leaves.entries + 16 * i + 8);
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
    each_exits<Lanes>(tests, part, [&](std::size_t row, __m512i found) {
        const __m512i exits = _mm512_shuffle_epi8(found, order);
        const __mmask64 upper = _mm512_test_epi8_mask(exits, _mm512_set1_epi8(32));
        add_16(sixteen<0>(exits), sixteen<0>(upper), sums + row);
        add_16(sixteen<1>(exits), sixteen<1>(upper), sums + row + 16);
        add_16(sixteen<2>(exits), sixteen<2>(upper), sums + row + 32);
        add_16(sixteen<3>(exits), sixteen<3>(upper), sums + row + 48);
    });
}

void find(const BitTests& tests, const std::uint8_t* part, const BitTable<std::uint32_t>& exits, std::uint32_t* found) {
    const Table table(exits.entries);
    each_exits<Lanes>(tests, part, [&](std::size_t row, __m512i at) {
        const __mmask64 upper = _mm512_test_epi8_mask(at, _mm512_set1_epi8(32));
        _mm512_store_si512(found + row, table.of(sixteen<0>(at), sixteen<0>(upper)));
        _mm512_store_si512(found + row + 16, table.of(sixteen<1>(at), sixteen<1>(upper)));
        _mm512_store_si512(found + row + 32, table.of(sixteen<2>(at), sixteen<2>(upper)));
        _mm512_store_si512(found + row + 48, table.of(sixteen<3>(at), sixteen<3>(upper)));
    });
}

}  // namespace

const BitKernel* avx512_bit_kernel() noexcept {
    static constexpr BitKernel kernel{"AVX-512", turn, bin, bin_wide, test, add, add_wide, find};
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("popcnt")
               ? &kernel
               : nullptr;
}
#else
const BitKernel* avx512_bit_kernel() noexcept { return nullptr; }
#endif

}  // namespace bourse::models
