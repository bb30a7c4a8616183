// bourse.predict and its kin: one row in, one prediction out. Bulk forms are in bind_model_tables.cpp.
#include <limits>

#include "core/nearest.hpp"
#include "models/artifact.hpp"
#include "pgext/contexts.hpp"
#include "pgext/float8_arrays.hpp"
#include "pgext/model_rows.hpp"
#include "pgext/model_store.hpp"

extern "C" {
#include "catalog/pg_type_d.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/typcache.h"
}

namespace bourse::pg {
namespace {

const LoadedModel& model_argument(FunctionCallInfo fcinfo) {
    const Datum datum = PG_GETARG_DATUM(0);
    const text* reference = pg_call([=] { return DatumGetTextPP(datum); });
    return ModelCallSite::of(fcinfo).get(reference);
}

// The model in argument 0 and the features in argument 1: a bourse.fvec, or with `Array` a float8[].
template <bool Array>
FeatureRows row_argument(FunctionCallInfo fcinfo) {
    FeatureRows rows(model_argument(fcinfo));
    if constexpr (Array)
        rows.add_array(PG_GETARG_DATUM(1));
    else
        rows.add_fvec(PG_GETARG_DATUM(1));
    return rows;
}

template <bool Array>
Datum predict(FunctionCallInfo fcinfo) {
    return Float8GetDatum(row_argument<Array>(fcinfo).predictions()[0]);
}

template <bool Array>
Datum predict_margin(FunctionCallInfo fcinfo) {
    auto rows = row_argument<Array>(fcinfo);
    return float8_array(rows.margins());
}

template <bool Array>
Datum predict_proba(FunctionCallInfo fcinfo) {
    return float8_array(row_argument<Array>(fcinfo).probabilities());
}

// Which column of a row type is which feature.
struct RowMap {
    Oid type = InvalidOid;
    std::int32_t modifier = -1;
    std::int64_t version_id = 0;
    std::vector<int> columns;  // of each feature
    std::vector<Oid> types;
};

struct RowSite {
    ModelCallSite model;
    RowMap map;
};

// A column is named like its feature, cut to what a name can hold.
std::string column_name(const std::string& feature) {
    if (feature.size() < NAMEDATALEN) return feature;
    const int kept =
        pg_call([&] { return pg_mbcliplen(feature.data(), static_cast<int>(feature.size()), NAMEDATALEN - 1); });
    return feature.substr(0, static_cast<std::size_t>(kept));
}

// What a feature's column must be, as its type in the model's signature has it; null: any number or boolean.
const char* wanted_instead(const std::string& feature_type, Oid column) {
    const bool whole = column == INT2OID || column == INT4OID || column == INT8OID;
    if (feature_type == "c") return whole ? nullptr : "a category's code: smallint, integer or bigint";
    if (feature_type == "int") return whole || column == BOOLOID ? nullptr : "smallint, integer, bigint or boolean";
    if (feature_type == "i") return whole || column == BOOLOID ? nullptr : "an indicator: boolean or an integer";
    return nullptr;
}

void map_columns(const LoadedModel& model, TupleDesc shape, RowMap& map) {
    std::vector<std::string> names;
    for (int i = 0; i < shape->natts; ++i) {
        const Form_pg_attribute column = TupleDescAttr(shape, i);
        names.emplace_back(column->attisdropped ? "" : NameStr(column->attname));
    }
    const auto& features = model.evaluator->features();
    const auto& feature_types = model.evaluator->feature_types();
    map.columns.assign(features.size(), -1);
    map.types.assign(features.size(), InvalidOid);
    for (std::size_t f = 0; f < features.size(); ++f) {
        const auto found = std::find(names.begin(), names.end(), column_name(features[f]));
        if (found == names.end() || found->empty()) {
            const auto similar = nearest(features[f], names);
            throw Error(
                ErrorKind::unknown_feature,
                "the row has no column \"" + features[f] + "\", which model " + model.version.label() + " needs",
                similar.empty() ? "columns are matched by name against bourse_bi.model_version.features"
                                : "did you mean \"" + similar + "\"?");
        }
        map.columns[f] = static_cast<int>(found - names.begin());
        const Oid declared = TupleDescAttr(shape, map.columns[f])->atttypid;
        map.types[f] = pg_call([=] { return getBaseType(declared); });
        switch (map.types[f]) {
            case FLOAT4OID:
            case FLOAT8OID:
            case INT2OID:
            case INT4OID:
            case INT8OID:
            case NUMERICOID:
            case BOOLOID:
                break;
            default:
                throw Error(ErrorKind::invalid_argument, "column \"" + features[f] + "\" has type " + pg_call([=] {
                                                             return format_type_be(declared);
                                                         }) + ", expected a number or boolean");
        }
        if (const char* wanted = feature_types.empty() ? nullptr : wanted_instead(feature_types[f], map.types[f]))
            throw Error(ErrorKind::invalid_argument,
                        "column \"" + features[f] + "\" has type " + pg_call([=] { return format_type_be(declared); }) +
                            ", model " + model.version.label() + " wants " + wanted,
                        "cast it in a subquery");
    }
    map.version_id = model.version.version_id;
}

double number_of(Oid type, Datum datum) {
    switch (type) {
        case FLOAT4OID:
            return DatumGetFloat4(datum);
        case FLOAT8OID:
            return DatumGetFloat8(datum);
        case INT2OID:
            return DatumGetInt16(datum);
        case INT4OID:
            return DatumGetInt32(datum);
        case INT8OID:
            return static_cast<double>(DatumGetInt64(datum));
        case BOOLOID:
            return DatumGetBool(datum) ? 1 : 0;
        default:
            return pg_call([=] { return DatumGetFloat8(DirectFunctionCall1(numeric_float8, datum)); });
    }
}

Datum predict_record(FunctionCallInfo fcinfo) {
    FmgrInfo* function = fcinfo->flinfo;
    if (!function->fn_extra) {
        const Oid type = get_fn_expr_argtype(function, 1);
        if (!pg_call([=] { return type_is_rowtype(type); }))
            throw Error(ErrorKind::invalid_argument,
                        "predict_row takes a row: predict_row('model', t) with t a table or subquery",
                        "use bourse.predict for a bourse.fvec or float8[]");
        function->fn_extra = emplace_in<RowSite>(function->fn_mcxt);
    }
    auto& site = *static_cast<RowSite*>(function->fn_extra);
    const Datum reference = PG_GETARG_DATUM(0);
    const auto& model = site.model.get(pg_call([=] { return DatumGetTextPP(reference); }));

    auto& map = site.map;
    const Datum argument = PG_GETARG_DATUM(1);
    const auto record = pg_call([=] { return DatumGetHeapTupleHeader(argument); });
    const Oid type = HeapTupleHeaderGetTypeId(record);
    const std::int32_t modifier = HeapTupleHeaderGetTypMod(record);
    const TupleDesc shape = pg_call([=] { return lookup_rowtype_tupdesc(type, modifier); });  // an error releases it
    if (map.type != type || map.modifier != modifier || map.version_id != model.version.version_id) {
        map.version_id = 0;
        map_columns(model, shape, map);
        map.type = type;
        map.modifier = modifier;
    }
    struct Values {
        Datum* datums;
        bool* nulls;
    };
    const auto values = pg_call([&] {
        HeapTupleData tuple;
        tuple.t_len = HeapTupleHeaderGetDatumLength(record);
        ItemPointerSetInvalid(&tuple.t_self);
        tuple.t_tableOid = InvalidOid;
        tuple.t_data = record;
        Values v{static_cast<Datum*>(palloc(shape->natts * sizeof(Datum))), static_cast<bool*>(palloc(shape->natts))};
        heap_deform_tuple(&tuple, shape, v.datums, v.nulls);
        ReleaseTupleDesc(shape);
        return v;
    });
    std::vector<double> row(map.columns.size());
    for (std::size_t f = 0; f < row.size(); ++f) {
        const int column = map.columns[f];
        row[f] = values.nulls[column] ? std::numeric_limits<double>::quiet_NaN()
                                      : number_of(map.types[f], values.datums[column]);
    }
    FeatureRows rows(model);
    rows.add(row);
    return Float8GetDatum(rows.predictions()[0]);
}

// What an artifact says about itself, after it has passed every check that loading makes.
Datum artifact_info(FunctionCallInfo fcinfo) {
    const Datum datum = PG_GETARG_DATUM(0);
    const bytea* content = pg_call([=] { return DatumGetByteaPP(datum); });
    const auto artifact =
        models::read_artifact({reinterpret_cast<const std::byte*>(VARDATA_ANY(content)), VARSIZE_ANY_EXHDR(content)});
    models::make_evaluator(artifact, check_interrupts());
    const std::string text = models::describe(artifact).dump();
    const char* json = text.c_str();
    return pg_call([=] { return DirectFunctionCall1(jsonb_in, CStringGetDatum(json)); });
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_predict_fvec, predict<false>);
BOURSE_PG_FUNCTION(bourse_predict_float8, predict<true>);
BOURSE_PG_FUNCTION(bourse_predict_margin_fvec, predict_margin<false>);
BOURSE_PG_FUNCTION(bourse_predict_margin_float8, predict_margin<true>);
BOURSE_PG_FUNCTION(bourse_predict_proba_fvec, predict_proba<false>);
BOURSE_PG_FUNCTION(bourse_predict_proba_float8, predict_proba<true>);
BOURSE_PG_FUNCTION(bourse_predict_row, predict_record);
BOURSE_PG_FUNCTION(bourse_artifact_info, artifact_info);

}  // namespace bourse::pg
