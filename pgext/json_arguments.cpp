#include "pgext/json_arguments.hpp"

extern "C" {
#include "utils/jsonb.h"
}

namespace bourse::pg {

using nlohmann::json;

json json_arg(FunctionCallInfo fcinfo, int n) {
    const Datum datum = PG_GETARG_DATUM(n);
    const char* text = pg_call([&] {
        Jsonb* value = DatumGetJsonbP(datum);
        return JsonbToCString(nullptr, &value->root, static_cast<int>(VARSIZE(value)));
    });
    try {
        return json::parse(text);
    } catch (const json::exception&) {  // jsonb holds numbers that no double does
        throw Error(ErrorKind::invalid_argument, "a number in the object is out of range",
                    "numbers are double precision");
    }
}

Datum jsonb_result(const json& value) {
    const std::string text = value.dump();
    const char* bytes = text.c_str();
    return pg_call([&] { return DirectFunctionCall1(jsonb_in, CStringGetDatum(bytes)); });
}

}  // namespace bourse::pg
