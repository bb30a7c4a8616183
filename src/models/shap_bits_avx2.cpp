// The kernel for AVX2; compiled with its instructions, called only where the processor has them.
#include "models/forest_bits_kernel.hpp"
#include "models/shap_bits.hpp"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace bourse::models {

#if defined(__AVX2__)
namespace {

// A gather takes the time of its eight loads. Instead the four bytes of the numbers are looked up apart, 32 rows at a
// time, in tables of 16 bytes that a shuffle holds: four of them for the 64 entries, of which all but one give zero.
constexpr std::size_t step = 32, planes = 4, quarters = shap_patterns / 16;

// Entries of a way's tables for 32 rows as indexes into each quarter of a table: 128 and more where it is another
// quarter. The rows stand in the order in which interleaving bytes and pairs of bytes puts them back into theirs: 0-3,
// 8-11, 16-19, 24-27, then 4-7 and so on.
struct alignas(64) Entries {
    std::uint8_t in[quarters][step];
};

// All bits of a row's byte are its bit of the mask.
BOURSE_INLINE __m256i spread(std::uint32_t mask) {
    const __m256i bytes = _mm256_setr_epi8(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3,  //
                                           0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    const __m256i bits =
        _mm256_setr_epi64x(0x0804020108040201, 0x0804020108040201, static_cast<long long>(0x8040201080402010),
                           static_cast<long long>(0x8040201080402010));
    const __m256i own = _mm256_shuffle_epi8(_mm256_set1_epi32(static_cast<int>(mask)), bytes);
    return _mm256_cmpeq_epi8(_mm256_and_si256(own, bits), bits);
}

BOURSE_INLINE void find_entries(const ShapWay& way, const Mask* masks, std::size_t at, Entries& to) {
    const auto turns = [&](std::size_t test) {
        std::uint32_t mask;
        __builtin_memcpy(&mask, reinterpret_cast<const char*>(masks[way.tests[test]]) + at / 8, sizeof mask);
        return spread(mask);
    };
    __m256i low = _mm256_setzero_si256();
    for (std::size_t i = 0; i < 4; ++i)
        low = _mm256_or_si256(low, _mm256_and_si256(turns(i), _mm256_set1_epi8(static_cast<char>(1 << i))));
    const __m256i elsewhere = _mm256_set1_epi8(static_cast<char>(0x80)), all = _mm256_set1_epi8(-1);
    const __m256i fifth = turns(4), sixth = turns(5);
    for (std::size_t q = 0; q < quarters; ++q) {
        const __m256i other =
            _mm256_or_si256(q & 1 ? _mm256_xor_si256(fifth, all) : fifth, q & 2 ? _mm256_xor_si256(sixth, all) : sixth);
        _mm256_store_si256(reinterpret_cast<__m256i*>(to.in[q]),
                           _mm256_or_si256(low, _mm256_and_si256(other, elsewhere)));
    }
}

// A table by the bytes of its numbers.
struct alignas(64) Planes {
    std::uint8_t bytes[planes][shap_patterns];
};

BOURSE_INLINE void split(const ShapTable& table, Planes& to) {
    const __m128i by_plane = _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    for (std::size_t q = 0; q < quarters; ++q) {
        const auto four = [&](std::size_t i) {
            return _mm_shuffle_epi8(_mm_load_si128(reinterpret_cast<const __m128i*>(table.parts + 16 * q + 4 * i)),
                                    by_plane);
        };
        const auto put = [&](std::size_t plane, __m128i bytes) {
            _mm_store_si128(reinterpret_cast<__m128i*>(to.bytes[plane] + 16 * q), bytes);
        };
        const __m128i a = four(0), b = four(1), c = four(2), d = four(3);
        const __m128i ab = _mm_unpacklo_epi32(a, b), cd = _mm_unpacklo_epi32(c, d);
        put(0, _mm_unpacklo_epi64(ab, cd));
        put(1, _mm_unpackhi_epi64(ab, cd));
        const __m128i upper_ab = _mm_unpackhi_epi32(a, b), upper_cd = _mm_unpackhi_epi32(c, d);
        put(2, _mm_unpacklo_epi64(upper_ab, upper_cd));
        put(3, _mm_unpackhi_epi64(upper_ab, upper_cd));
    }
}

BOURSE_INLINE void add_32(const Planes& table, const Entries& entries, float* out) {
    const auto in_quarter = [&](std::size_t plane, std::size_t q) {
        const __m256i bytes =
            _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(table.bytes[plane] + 16 * q)));
        return _mm256_shuffle_epi8(bytes, _mm256_load_si256(reinterpret_cast<const __m256i*>(entries.in[q])));
    };
    const auto look_up = [&](std::size_t plane) {
        return _mm256_or_si256(_mm256_or_si256(in_quarter(plane, 0), in_quarter(plane, 1)),
                               _mm256_or_si256(in_quarter(plane, 2), in_quarter(plane, 3)));
    };
    const auto add_8 = [out](std::size_t row, __m256i part) {
        _mm256_store_ps(out + row, _mm256_add_ps(_mm256_load_ps(out + row), _mm256_castsi256_ps(part)));
    };
    const __m256i first = look_up(0), second = look_up(1), third = look_up(2), fourth = look_up(3);
    const __m256i low = _mm256_unpacklo_epi8(first, second), high = _mm256_unpacklo_epi8(third, fourth);
    add_8(0, _mm256_unpacklo_epi16(low, high));
    add_8(8, _mm256_unpackhi_epi16(low, high));
    const __m256i upper_low = _mm256_unpackhi_epi8(first, second), upper_high = _mm256_unpackhi_epi8(third, fourth);
    add_8(16, _mm256_unpacklo_epi16(upper_low, upper_high));
    add_8(24, _mm256_unpackhi_epi16(upper_low, upper_high));
}

void add(const ShapWay& way, const ShapTable* tables, const Mask* masks, std::size_t words, float* sums) {
    Entries entries[bit_rows / step];
    const std::size_t rows = 64 * words;
    for (std::size_t row = 0; row < rows; row += step) find_entries(way, masks, row, entries[row / step]);
    for (std::size_t f = 0; f < way.features; ++f) {
        Planes table;
        split(tables[way.table + f], table);
        float* out = sums + std::size_t{way.feature[f]} * bit_rows;
        for (std::size_t row = 0; row < rows; row += step) add_32(table, entries[row / step], out + row);
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
