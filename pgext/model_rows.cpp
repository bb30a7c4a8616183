#include "pgext/model_rows.hpp"

#include <cstdio>
#include <limits>

#include "pgext/fvec.hpp"

namespace bourse::pg {

void check_feature_count(const LoadedModel& model, std::size_t count) {
    const auto& features = model.evaluator->features();
    if (count == features.size()) return;
    throw Error(ErrorKind::unknown_feature,
                "model " + model.version.label() + " takes " + std::to_string(features.size()) + " features, but " +
                    std::to_string(count) + " were given",
                "SELECT features FROM bourse_bi.model_version WHERE model = '" + model.version.name +
                    "' AND version = " + std::to_string(model.version.version) + " lists them in order");
}

std::span<const float> features_of_fvec(const LoadedModel& model, Datum vector) {
    const auto row = as_fvec(vector)->elements();
    check_feature_count(model, row.size());
    return row;
}

float narrow(const LoadedModel& model, std::size_t feature, double value) {
    const auto x = static_cast<float>(value);
    if (std::isinf(x) && !std::isinf(value)) {
        char text[32];
        std::snprintf(text, sizeof text, "%g", value);
        throw Error(ErrorKind::invalid_argument,
                    "feature \"" + model.evaluator->features()[feature] + "\" is " + text +
                        ", beyond float32, in which the model compares",
                    "use NULL for a missing value");
    }
    return x;
}

void features_of_array(const LoadedModel& model, Datum array, std::vector<float>& row) {
    struct Parts {
        Datum* values;
        bool* nulls;
        int count, dimensions;
        Oid type;
    };
    const auto parts = pg_call([&] {
        Parts p{};
        ArrayType* a = DatumGetArrayTypeP(array);
        p.dimensions = ARR_NDIM(a);
        p.type = ARR_ELEMTYPE(a);
        if (p.type == FLOAT8OID)
            deconstruct_array(a, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &p.values, &p.nulls,
                              &p.count);
        else
            deconstruct_array(a, FLOAT4OID, sizeof(float4), true, TYPALIGN_INT, &p.values, &p.nulls, &p.count);
        return p;
    });
    if (parts.dimensions > 1)
        throw Error(ErrorKind::invalid_argument,
                    "features have " + std::to_string(parts.dimensions) + " dimensions, expected one");
    check_feature_count(model, static_cast<std::size_t>(parts.count));
    row.resize(static_cast<std::size_t>(parts.count));
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (parts.nulls[i])
            row[i] = std::numeric_limits<float>::quiet_NaN();
        else
            row[i] = parts.type == FLOAT8OID ? narrow(model, i, DatumGetFloat8(parts.values[i]))
                                             : DatumGetFloat4(parts.values[i]);
    }
}

}  // namespace bourse::pg
