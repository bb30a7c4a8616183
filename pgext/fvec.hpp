// bourse.fvec: a vector of float4, the stored form of one row of features.
#pragma once

#include "pgext/boundary.hpp"

namespace bourse::pg {

inline constexpr std::size_t fvec_max_length = 16000;

// On disk and in memory: varlena header, length, then `length` floats. NaN is a missing feature.
struct Fvec {
    std::int32_t varlena_header;
    std::int32_t length;
    float* values() noexcept { return reinterpret_cast<float*>(this + 1); }
    const float* values() const noexcept { return reinterpret_cast<const float*>(this + 1); }
    std::span<const float> elements() const noexcept { return {values(), static_cast<std::size_t>(length)}; }
    std::span<float> elements() noexcept { return {values(), static_cast<std::size_t>(length)}; }
};

constexpr std::size_t fvec_size_bytes(std::size_t length) { return sizeof(Fvec) + length * sizeof(float); }

// A new vector in CurrentMemoryContext, its elements not set yet. Error too_large above fvec_max_length.
Fvec* make_fvec(std::size_t length);
Fvec* make_fvec(std::span<const float> elements);

// The vector behind a datum that is not NULL, detoasted into CurrentMemoryContext where needed. Valid as long as the
// datum.
const Fvec* as_fvec(Datum datum);

inline Datum fvec_datum(Fvec* vector) noexcept { return PointerGetDatum(vector); }

}  // namespace bourse::pg
