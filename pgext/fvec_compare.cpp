// Total order and hash of fvec: element by element, then the shorter first. NaN equals NaN and is above every number,
// -0 equals 0.
#include "pgext/fvec.hpp"

#include <limits>

namespace bourse::pg {
namespace {

int compare(float a, float b) noexcept {
    if (std::isnan(a) || std::isnan(b)) return static_cast<int>(std::isnan(a)) - static_cast<int>(std::isnan(b));
    return static_cast<int>(a > b) - static_cast<int>(a < b);
}

int compare(std::span<const float> a, std::span<const float> b) noexcept {
    const std::size_t common = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < common; ++i)
        if (const int order = compare(a[i], b[i]); order != 0) return order;
    return static_cast<int>(a.size() > b.size()) - static_cast<int>(a.size() < b.size());
}

int compare_arguments(FunctionCallInfo fcinfo) {
    return compare(as_fvec(PG_GETARG_DATUM(0))->elements(), as_fvec(PG_GETARG_DATUM(1))->elements());
}

Datum fvec_cmp(FunctionCallInfo fcinfo) { PG_RETURN_INT32(compare_arguments(fcinfo)); }
Datum fvec_lt(FunctionCallInfo fcinfo) { PG_RETURN_BOOL(compare_arguments(fcinfo) < 0); }
Datum fvec_le(FunctionCallInfo fcinfo) { PG_RETURN_BOOL(compare_arguments(fcinfo) <= 0); }
Datum fvec_eq(FunctionCallInfo fcinfo) { PG_RETURN_BOOL(compare_arguments(fcinfo) == 0); }
Datum fvec_ne(FunctionCallInfo fcinfo) { PG_RETURN_BOOL(compare_arguments(fcinfo) != 0); }
Datum fvec_ge(FunctionCallInfo fcinfo) { PG_RETURN_BOOL(compare_arguments(fcinfo) >= 0); }
Datum fvec_gt(FunctionCallInfo fcinfo) { PG_RETURN_BOOL(compare_arguments(fcinfo) > 0); }

// One bit pattern for all values that are equal, so that equal vectors have equal hashes.
std::vector<float> canonical(std::span<const float> elements) {
    std::vector<float> out(elements.begin(), elements.end());
    for (float& x : out) {
        if (std::isnan(x)) x = std::numeric_limits<float>::quiet_NaN();
        if (x == 0) x = 0;
    }
    return out;
}

Datum fvec_hash(FunctionCallInfo fcinfo) {
    const auto values = canonical(as_fvec(PG_GETARG_DATUM(0))->elements());
    return UInt32GetDatum(
        hash_bytes(reinterpret_cast<const unsigned char*>(values.data()), values.size() * sizeof(float)));
}

Datum fvec_hash_extended(FunctionCallInfo fcinfo) {
    const auto values = canonical(as_fvec(PG_GETARG_DATUM(0))->elements());
    return UInt64GetDatum(hash_bytes_extended(reinterpret_cast<const unsigned char*>(values.data()),
                                              values.size() * sizeof(float), static_cast<uint64>(PG_GETARG_INT64(1))));
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_fvec_cmp, fvec_cmp);
BOURSE_PG_FUNCTION(bourse_fvec_lt, fvec_lt);
BOURSE_PG_FUNCTION(bourse_fvec_le, fvec_le);
BOURSE_PG_FUNCTION(bourse_fvec_eq, fvec_eq);
BOURSE_PG_FUNCTION(bourse_fvec_ne, fvec_ne);
BOURSE_PG_FUNCTION(bourse_fvec_ge, fvec_ge);
BOURSE_PG_FUNCTION(bourse_fvec_gt, fvec_gt);
BOURSE_PG_FUNCTION(bourse_fvec_hash, fvec_hash);
BOURSE_PG_FUNCTION(bourse_fvec_hash_extended, fvec_hash_extended);

}  // namespace bourse::pg
