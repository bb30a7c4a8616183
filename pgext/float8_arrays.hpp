// float8[] arguments as finite values, and float8[] results.
#pragma once

#include <cmath>
#include <span>

#include "pgext/boundary.hpp"

namespace bourse::pg {

struct FiniteValues {
    std::vector<double> values;
    std::int64_t dropped = 0;  // NULL, NaN and infinite elements
};

// The elements of a float8[] of any shape that are finite numbers, in storage order.
inline FiniteValues finite_values(Datum datum) {
    const ArrayType* array = pg_call([=] { return DatumGetArrayTypeP(datum); });
    const auto length = static_cast<std::size_t>(ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)));
    const auto* source = reinterpret_cast<const double*>(ARR_DATA_PTR(array));
    const bits8* present = ARR_NULLBITMAP(array);
    FiniteValues result;
    result.values.reserve(length);
    for (std::size_t i = 0; i < length; ++i) {
        if ((i & 0xffff) == 0) pg_call([] { CHECK_FOR_INTERRUPTS(); });
        if (present != nullptr && (present[i / 8] & (1 << (i % 8))) == 0) continue;
        if (const double value = *source++; std::isfinite(value)) result.values.push_back(value);
    }
    result.dropped = static_cast<std::int64_t>(length - result.values.size());
    return result;
}

inline Datum float8_array(std::span<const double> values) {
    return pg_call([&] {
        auto* datums = static_cast<Datum*>(palloc(values.size() * sizeof(Datum)));
        for (std::size_t i = 0; i < values.size(); ++i) datums[i] = Float8GetDatum(values[i]);
        return PointerGetDatum(construct_array(datums, static_cast<int>(values.size()), FLOAT8OID, sizeof(float8),
                                               FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
    });
}

}  // namespace bourse::pg
