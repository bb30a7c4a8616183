// bourse.nearest: "did you mean" for messages of SQL functions.
#include "core/nearest.hpp"
#include "pgext/boundary.hpp"

namespace bourse::pg {
namespace {

Datum nearest_name(FunctionCallInfo fcinfo) {
    struct Parts {
        const char* name;
        Datum* values;
        bool* nulls;
        int count;
    };
    const Datum name = PG_GETARG_DATUM(0), array = PG_GETARG_DATUM(1);
    const auto parts = pg_call([=] {
        Parts p{TextDatumGetCString(name), nullptr, nullptr, 0};
        deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &p.values, &p.nulls, &p.count);
        for (int i = 0; i < p.count; ++i)
            if (!p.nulls[i]) p.values[i] = PointerGetDatum(TextDatumGetCString(p.values[i]));
        return p;
    });
    std::vector<std::string> known;
    for (int i = 0; i < parts.count; ++i)
        if (!parts.nulls[i]) known.emplace_back(DatumGetCString(parts.values[i]));
    const std::string found = nearest(parts.name, known);
    if (found.empty()) PG_RETURN_NULL();
    const char* text = found.c_str();
    return pg_call([=] { return CStringGetTextDatum(text); });
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_nearest, nearest_name);

}  // namespace bourse::pg
