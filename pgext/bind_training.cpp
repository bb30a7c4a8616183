// What bourse.train checks before it makes a job: the split and the algorithm's parameters. No training library here.
#include "datasets/option_keys.hpp"
#include "datasets/split.hpp"
#include "pgext/boundary.hpp"
#include "training/algorithm.hpp"

extern "C" {
#include "utils/jsonb.h"
}

namespace bourse::pg {
namespace {

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

std::string text_arg(FunctionCallInfo fcinfo, int n) {
    const Datum datum = PG_GETARG_DATUM(n);
    return pg_call([&] { return text_to_cstring(DatumGetTextPP(datum)); });
}

Datum jsonb_result(const json& value) {
    const std::string text = value.dump();
    const char* bytes = text.c_str();
    return pg_call([&] { return DirectFunctionCall1(jsonb_in, CStringGetDatum(bytes)); });
}

Datum read_params(FunctionCallInfo fcinfo) {
    return jsonb_result(training::read_params(training::find_algorithm(text_arg(fcinfo, 0)), json_arg(fcinfo, 1)));
}

Datum read_split(FunctionCallInfo fcinfo) {
    return jsonb_result(datasets::to_json(datasets::read_split(json_arg(fcinfo, 0))));
}

Datum check_keys(FunctionCallInfo fcinfo) {
    const json known = json_arg(fcinfo, 1);
    datasets::check_keys(json_arg(fcinfo, 0), known.get<std::vector<std::string>>(), text_arg(fcinfo, 2));
    return BoolGetDatum(true);
}

// [{"algorithm", "summary", "name", "type", "lowest", "highest", "default", "choices", "alias", "description"}, …]
Datum algorithm_list(FunctionCallInfo) {
    const auto type_name = [](training::ParamType type) {
        return type == training::ParamType::number    ? "number"
               : type == training::ParamType::integer ? "integer"
                                                      : "choice";
    };
    json list = json::array();
    for (const auto& algorithm : training::algorithms())
        for (const auto& param : algorithm.params)
            list.push_back({{"algorithm", algorithm.name},
                            {"summary", algorithm.summary},
                            {"name", param.name},
                            {"type", type_name(param.type)},
                            {"lowest", param.lowest},
                            {"highest", param.highest},
                            {"fallback", json::parse(param.fallback)},
                            {"choices", param.choices},
                            {"alias", param.alias},
                            {"description", param.description}});
    return jsonb_result(list);
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_read_params, read_params);
BOURSE_PG_FUNCTION(bourse_read_split, read_split);
BOURSE_PG_FUNCTION(bourse_check_keys, check_keys);
BOURSE_PG_FUNCTION(bourse_algorithm_list, algorithm_list);

}  // namespace bourse::pg
