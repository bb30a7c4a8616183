// float8[] as columns of doubles: NULL elements are NaN here.
#pragma once

#include "pgext/boundary.hpp"

namespace bourse::pg {

inline constexpr std::size_t elements_between_checks = 1 << 20;  // some milliseconds

// A one-dimensional float8[] as it was given; no copy where it has no NULL.
class Float8Column {
public:
    // `name` is for messages. Throws invalid_argument for more than one dimension.
    Float8Column(Datum datum, std::string_view name) {
        ArrayType* array = pg_call([&] { return DatumGetArrayTypeP(datum); });
        if (ARR_NDIM(array) > 1)
            throw Error(ErrorKind::invalid_argument,
                        std::string(name) + " has " + std::to_string(ARR_NDIM(array)) + " dimensions, not 1");
        const std::size_t length = ARR_NDIM(array) == 0 ? 0 : static_cast<std::size_t>(ARR_DIMS(array)[0]);
        const auto* present = reinterpret_cast<const double*>(ARR_DATA_PTR(array));
        if (ARR_HASNULL(array)) {
            spread(present, ARR_NULLBITMAP(array), length);
            values_ = copy_;
        } else {
            values_ = {present, length};
        }
    }
    Float8Column(const Float8Column&) = delete;
    Float8Column& operator=(const Float8Column&) = delete;

    std::span<const double> values() const noexcept { return values_; }

private:
    // Only elements that are not NULL are stored.
    void spread(const double* present, const bits8* bitmap, std::size_t length) {
        const auto interrupts = check_interrupts();
        copy_.resize(length);
        for (std::size_t i = 0; i < length; ++i) {
            if (i % elements_between_checks == 0) check(interrupts);
            copy_[i] = (bitmap[i / 8] >> (i % 8)) & 1 ? *present++ : std::numeric_limits<double>::quiet_NaN();
        }
    }

    std::span<const double> values_;
    std::vector<double> copy_;
};

// A float8[] in the current memory context; NaN becomes NULL.
inline Datum make_float8_array(std::span<const double> values) {
    const std::size_t length = values.size();
    const auto missing =
        static_cast<std::size_t>(std::ranges::count_if(values, [](double x) { return std::isnan(x); }));
    if (length == 0) return pg_call([] { return PointerGetDatum(construct_empty_array(FLOAT8OID)); });
    const std::size_t header = missing > 0 ? ARR_OVERHEAD_WITHNULLS(1, length) : ARR_OVERHEAD_NONULLS(1);
    const std::size_t bytes = header + (length - missing) * sizeof(double);
    auto* array = pg_call([&] { return static_cast<ArrayType*>(palloc(bytes)); });
    std::memset(array, 0, header);
    SET_VARSIZE(array, bytes);
    array->ndim = 1;
    array->dataoffset = missing > 0 ? static_cast<int32>(header) : 0;
    array->elemtype = FLOAT8OID;
    ARR_DIMS(array)[0] = static_cast<int>(length);
    ARR_LBOUND(array)[0] = 1;
    auto* stored = reinterpret_cast<double*>(ARR_DATA_PTR(array));
    bits8* bitmap = ARR_NULLBITMAP(array);
    const auto interrupts = check_interrupts();
    for (std::size_t i = 0; i < length; ++i) {
        if (i % elements_between_checks == 0) check(interrupts);
        if (std::isnan(values[i])) continue;
        *stored++ = values[i];
        if (bitmap != nullptr) bitmap[i / 8] = static_cast<bits8>(bitmap[i / 8] | (1 << (i % 8)));
    }
    return PointerGetDatum(array);
}

}  // namespace bourse::pg
