// Tables of 64 numbers by the bytes of these numbers, for AVX2: shuffles look a byte up in 16, which is faster than a
// gather of whole numbers. The rules of forest_bits_kernel.hpp hold.
#pragma once

#include "models/forest_bits_kernel.hpp"

#if defined(__AVX2__)
#include <immintrin.h>

namespace bourse::models {
namespace {

BOURSE_INLINE __m256i sixteen_bytes(const std::uint8_t* table, __m256i at) {
    const __m128i entries = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table));
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(entries), at);
}

// A byte of 32 entries of 64: one of four tables of 16, by the two upper bits.
BOURSE_INLINE __m256i byte_of_32(const std::uint8_t* plane, __m256i entries) {
    const __m256i bit_4 = _mm256_slli_epi16(entries, 3), bit_5 = _mm256_slli_epi16(entries, 2);  // where blends look
    const __m256i low = _mm256_blendv_epi8(sixteen_bytes(plane, entries), sixteen_bytes(plane + 16, entries), bit_4);
    const __m256i high =
        _mm256_blendv_epi8(sixteen_bytes(plane + 32, entries), sixteen_bytes(plane + 48, entries), bit_4);
    return _mm256_blendv_epi8(low, high, bit_5);
}

// Numbers of four bytes each, of which the first four planes have the bytes: entries 4 i to 4 i + 3 and 16 more in [i].
BOURSE_INLINE void words_of_32(const std::uint8_t (*planes)[64], __m256i entries, __m256i* words) {
    const __m256i a = byte_of_32(planes[0], entries), b = byte_of_32(planes[1], entries);
    const __m256i c = byte_of_32(planes[2], entries), d = byte_of_32(planes[3], entries);
    const __m256i low_ab = _mm256_unpacklo_epi8(a, b), high_ab = _mm256_unpackhi_epi8(a, b);
    const __m256i low_cd = _mm256_unpacklo_epi8(c, d), high_cd = _mm256_unpackhi_epi8(c, d);
    words[0] = _mm256_unpacklo_epi16(low_ab, low_cd);
    words[1] = _mm256_unpackhi_epi16(low_ab, low_cd);
    words[2] = _mm256_unpacklo_epi16(high_ab, high_cd);
    words[3] = _mm256_unpackhi_epi16(high_ab, high_cd);
}

}  // namespace
}  // namespace bourse::models
#endif
