// What bourse.train checks before it makes a job: the split and the algorithm's parameters. No training library here.
#include "datasets/option_keys.hpp"
#include "datasets/split.hpp"
#include "pgext/json_arguments.hpp"
#include "training/algorithm.hpp"

namespace bourse::pg {
namespace {

using nlohmann::json;

std::string text_arg(FunctionCallInfo fcinfo, int n) {
    const Datum datum = PG_GETARG_DATUM(n);
    return pg_call([&] { return text_to_cstring(DatumGetTextPP(datum)); });
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
