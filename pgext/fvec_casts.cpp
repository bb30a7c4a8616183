// fvec from and to real[] and float8[].
#include "pgext/fvec.hpp"

#include <limits>

namespace bourse::pg {
namespace {

float narrow(float value) { return value; }

// Underflow to zero is a loss of precision like any other; overflow is not.
float narrow(double value) {
    const auto narrowed = static_cast<float>(value);
    if (std::isinf(narrowed) && !std::isinf(value))
        pg_call([=] {
            ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
                            errmsg("%g is out of range for an element of bourse.fvec", value)));
        });
    return narrowed;
}

template <class Element>
Datum from_array(FunctionCallInfo fcinfo) {
    const ArrayType* array = pg_call([=] { return PG_GETARG_ARRAYTYPE_P(0); });
    if (ARR_NDIM(array) > 1)
        throw Error(ErrorKind::invalid_argument,
                    "array has " + std::to_string(ARR_NDIM(array)) + " dimensions, fvec has one");
    const std::size_t length = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
    Fvec* vector = make_fvec(length);
    const auto* source = reinterpret_cast<const Element*>(ARR_DATA_PTR(array));
    const bits8* present = ARR_NULLBITMAP(array);
    for (std::size_t i = 0; i < length; ++i) {
        const bool missing = present != nullptr && (present[i / 8] & (1 << (i % 8))) == 0;
        vector->values()[i] = missing ? std::numeric_limits<float>::quiet_NaN() : narrow(*source++);
    }
    return fvec_datum(vector);
}

template <class Element>
Datum to_array(FunctionCallInfo fcinfo) {
    const auto elements = as_fvec(PG_GETARG_DATUM(0))->elements();
    const Oid type = sizeof(Element) == sizeof(float) ? FLOAT4OID : FLOAT8OID;
    if (elements.empty()) return pg_call([=] { return PointerGetDatum(construct_empty_array(type)); });
    const std::size_t size = ARR_OVERHEAD_NONULLS(1) + elements.size() * sizeof(Element);
    auto* array = pg_call([=] { return static_cast<ArrayType*>(palloc0(size)); });
    SET_VARSIZE(array, size);
    array->ndim = 1;
    array->dataoffset = 0;
    array->elemtype = type;
    ARR_DIMS(array)[0] = static_cast<int>(elements.size());
    ARR_LBOUND(array)[0] = 1;
    std::copy(elements.begin(), elements.end(), reinterpret_cast<Element*>(ARR_DATA_PTR(array)));
    PG_RETURN_ARRAYTYPE_P(array);
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_fvec_from_real, from_array<float>);
BOURSE_PG_FUNCTION(bourse_fvec_from_float8, from_array<double>);
BOURSE_PG_FUNCTION(bourse_fvec_to_real, to_array<float>);
BOURSE_PG_FUNCTION(bourse_fvec_to_float8, to_array<double>);

}  // namespace bourse::pg
