// The kernel for AVX2; compiled with its instructions, called only where the processor has them.
#include "models/byte_tables_avx2.hpp"
#include "models/shap_bits.hpp"

namespace bourse::models {

#if defined(__AVX2__)
namespace {

constexpr std::size_t step = 32, planes = 4;

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

// Entries of the way's tables for 32 rows, in the order in which words_of_32 puts rows into theirs: 0-3, 8-11, 16-19,
// 24-27, then 4-7 and so on.
BOURSE_INLINE __m256i find_entries(const ShapWay& way, const Mask* masks, std::size_t row) {
    __m256i entries = _mm256_setzero_si256();
    for (std::size_t i = 0; i < bit_levels; ++i) {
        std::uint32_t mask;
        __builtin_memcpy(&mask, reinterpret_cast<const char*>(masks[way.tests[i]]) + row / 8, sizeof mask);
        entries = _mm256_or_si256(entries, _mm256_and_si256(spread(mask), _mm256_set1_epi8(static_cast<char>(1 << i))));
    }
    return entries;
}

// A table by the bytes of its numbers.
struct alignas(64) Planes {
    std::uint8_t bytes[planes][shap_patterns];
};

BOURSE_INLINE void split(const ShapTable& table, Planes& to) {
    const __m128i by_plane = _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    for (std::size_t q = 0; q < shap_patterns / 16; ++q) {
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

void add(const ShapWay& way, const ShapTable* tables, const Mask* masks, std::size_t words, float* sums) {
    alignas(64) std::uint8_t entries[bit_rows];
    const std::size_t rows = 64 * words;
    for (std::size_t row = 0; row < rows; row += step)
        _mm256_store_si256(reinterpret_cast<__m256i*>(entries + row), find_entries(way, masks, row));
    for (std::size_t f = 0; f < way.features; ++f) {
        Planes table;
        split(tables[way.table + f], table);
        float* out = sums + std::size_t{way.feature[f]} * bit_rows;
        for (std::size_t row = 0; row < rows; row += step) {
            __m256i parts[step / 8];
            words_of_32(table.bytes, _mm256_load_si256(reinterpret_cast<const __m256i*>(entries + row)), parts);
            for (std::size_t i = 0; i < step / 8; ++i) {
                float* to = out + row + 8 * i;
                _mm256_store_ps(to, _mm256_add_ps(_mm256_load_ps(to), _mm256_castsi256_ps(parts[i])));
            }
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
