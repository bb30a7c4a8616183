// bourse.shap, bourse.explain and their kin: why a model predicts what it predicts.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/contributions.hpp"
#include "pgext/float8_arrays.hpp"
#include "pgext/model_rows.hpp"
#include "pgext/model_store.hpp"
#include "pgext/query_rows.hpp"

namespace bourse::pg {
namespace {

constexpr double additivity_tolerance = 1e-5;  // of the sum of absolute parts; XGBoost adds its margins in float32
constexpr std::size_t max_background_rows = 10'000;
constexpr std::size_t max_paired_features = 4'096;
constexpr std::size_t rows_explained = 512;  // at a time: a block of the tables' kernels

// One row and a model that can be explained. With `Array` argument 1 is a float8[], else a bourse.fvec.
struct Question {
    const LoadedModel& model;
    FeatureRows rows;
    std::vector<double> values, margins;

    std::size_t width() const { return values.size(); }
    std::size_t outputs() const { return margins.size(); }
};

template <bool Array>
Question question(FunctionCallInfo fcinfo) {
    const Datum reference = PG_GETARG_DATUM(0);
    const text* name = pg_call([=] { return DatumGetTextPP(reference); });
    const auto& model = ModelCallSite::of(fcinfo, ModelUse::explain).get(name);
    Question q{model, FeatureRows(model), {}, {}};
    if constexpr (Array)
        q.rows.add_array(PG_GETARG_DATUM(1));
    else
        q.rows.add_fvec(PG_GETARG_DATUM(1));
    q.values = q.rows.row(0);
    const auto margins = q.rows.margins();
    q.margins.assign(margins.begin(), margins.end());
    return q;
}

// The parts of an output must sum to its margin; anything else is a mistake of ours and must not be believed.
void require_sum(const LoadedModel& model, double margin, std::span<const double> parts) {
    double sum = 0, scale = 1;
    for (const double part : parts) {
        sum += part;
        scale += std::abs(part);
    }
    if (std::abs(sum - margin) <= additivity_tolerance * scale) return;
    throw Error(ErrorKind::internal, "the contributions of " + model.version.label() + " sum to " +
                                         std::to_string(sum) + ", the margin is " + std::to_string(margin));
}

void require_additive(const Question& q, std::span<const double> parts) {
    const std::size_t stride = q.width() + 1;
    for (std::size_t k = 0; k < q.outputs(); ++k) require_sum(q.model, q.margins[k], parts.subspan(k * stride, stride));
}

std::vector<double> contributions(const Question& q) {
    std::vector<double> parts(q.outputs() * (q.width() + 1));
    q.model.explainer->of_row(q.values, parts, check_interrupts());
    require_additive(q, parts);
    return parts;
}

std::vector<double> contributions_against(const Question& q, const std::string& query) {
    FeatureQuery source(q.model, query, "a background", "SELECT features FROM …");
    FeatureRows rows(q.model);
    std::vector<bool> missing;
    while (source.fetch(rows, missing))
        if (rows.size() > max_background_rows)
            throw Error(ErrorKind::too_large,
                        "the background has more than " + std::to_string(max_background_rows) + " rows",
                        "a few hundred are usual: ORDER BY random() LIMIT 200");
    source.close();
    const std::size_t count = rows.size();
    if (count == 0)
        throw Error(ErrorKind::insufficient_data, "the background has no rows", "give a query that yields features");
    std::vector<double> background;
    const auto interrupts = check_interrupts();
    for (std::size_t i = 0; i < count; ++i) {
        interrupts();
        const auto row = rows.row(i);
        background.insert(background.end(), row.begin(), row.end());
    }
    std::vector<double> parts(q.outputs() * (q.width() + 1));
    q.model.explainer->of_row_against(q.values, background, count, parts, interrupts);
    require_additive(q, parts);
    return parts;
}

template <bool Array>
Datum shap(FunctionCallInfo fcinfo) {
    return float8_array(contributions(question<Array>(fcinfo)));
}

template <bool Array>
Datum shap_against(FunctionCallInfo fcinfo) {
    return float8_array(contributions_against(question<Array>(fcinfo), text_argument(fcinfo, 2)));
}

// The output asked for in an argument, or that with the highest margin, the first of equals.
std::size_t output_argument(FunctionCallInfo fcinfo, int n, const Question& q) {
    if (PG_ARGISNULL(n))
        return static_cast<std::size_t>(std::max_element(q.margins.begin(), q.margins.end()) - q.margins.begin());
    const int output = PG_GETARG_INT32(n);
    if (output < 0 || static_cast<std::size_t>(output) >= q.outputs())
        throw Error(ErrorKind::invalid_argument, "output " + std::to_string(output) + " of model " +
                                                     q.model.version.label() + ", which has 0 to " +
                                                     std::to_string(q.outputs() - 1));
    return static_cast<std::size_t>(output);
}

Datum text_of(const std::string& value) {
    const char* begin = value.data();
    const int size = static_cast<int>(value.size());
    return pg_call([=] { return PointerGetDatum(cstring_to_text_with_len(begin, size)); });
}

// Arguments: model, features, top, output, background. The largest contributions first, equals in feature order.
template <bool Array>
Datum explain(FunctionCallInfo fcinfo) {
    ReturnSetInfo* result = begin_result(fcinfo);
    if (PG_ARGISNULL(0) || PG_ARGISNULL(1)) return Datum{0};
    if (!PG_ARGISNULL(2) && PG_GETARG_INT32(2) < 0)
        throw Error(ErrorKind::invalid_argument,
                    "top is " + std::to_string(PG_GETARG_INT32(2)) + ", expected 0 or more", "NULL gives all");
    const Question q = question<Array>(fcinfo);
    const auto parts = PG_ARGISNULL(4) ? contributions(q) : contributions_against(q, text_argument(fcinfo, 4));
    const auto own = std::span(parts).subspan(output_argument(fcinfo, 3, q) * (q.width() + 1), q.width());
    std::vector<std::size_t> order(q.width());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return std::abs(own[a]) > std::abs(own[b]); });
    if (!PG_ARGISNULL(2)) order.resize(std::min(order.size(), static_cast<std::size_t>(PG_GETARG_INT32(2))));
    for (const auto feature : order) {
        Datum values[] = {text_of(q.model.evaluator->features()[feature]), Float8GetDatum(q.values[feature]),
                          Float8GetDatum(own[feature])};
        bool nulls[] = {false, std::isnan(q.values[feature]), false};
        put(result, values, nulls);
    }
    return Datum{0};
}

// Arguments: model, features, output. Every pair in both orders and every feature with itself; zeros are left out.
template <bool Array>
Datum shap_interactions(FunctionCallInfo fcinfo) {
    ReturnSetInfo* result = begin_result(fcinfo);
    if (PG_ARGISNULL(0) || PG_ARGISNULL(1)) return Datum{0};
    const Question q = question<Array>(fcinfo);
    const std::size_t width = q.width(), stride = width + 1;
    if (width > max_paired_features)
        throw Error(ErrorKind::too_large, "model " + q.model.version.label() + " has " + std::to_string(width) +
                                              " features, interactions are given for at most " +
                                              std::to_string(max_paired_features));
    std::vector<double> parts(stride * stride);
    const std::size_t output = output_argument(fcinfo, 2, q);
    const auto interrupts = check_interrupts();
    q.model.explainer->interactions_of_row(q.values, output, parts, interrupts);
    require_sum(q.model, q.margins[output], parts);
    std::vector<Datum> names;
    for (const auto& name : q.model.evaluator->features()) names.push_back(text_of(name));
    for (std::size_t i = 0; i < width; ++i) {
        interrupts();
        for (std::size_t j = 0; j < width; ++j) {
            if (parts[i * stride + j] == 0) continue;
            Datum values[] = {names[i], names[j], Float8GetDatum(parts[i * stride + j])};
            bool nulls[3] = {};
            put(result, values, nulls);
        }
    }
    return Datum{0};
}

// Arguments: model, query. What shap gives, for every row of the query; of many at a time.
Datum shap_many(FunctionCallInfo fcinfo) {
    const LoadedModel model = find_model(text_argument(fcinfo, 0), ModelUse::explain);
    ReturnSetInfo* result = begin_result(fcinfo);
    FeatureQuery query(model, text_argument(fcinfo, 1), "shap_many",
                       "shap_many('" + model.version.name + "', 'SELECT features FROM …')");
    const std::size_t width = model.evaluator->features().size(), outputs = model.evaluator->outputs();
    const std::size_t size = (width + 1) * outputs;
    const auto interrupts = check_interrupts();
    FeatureRows rows(model);
    std::vector<bool> missing;
    std::vector<double> values, parts;
    std::int64_t number = 0;
    while (query.fetch(rows, missing)) {
        const auto margins = rows.margins(interrupts);
        std::size_t row = 0;
        for (const bool null : missing) {
            if (!null && row % rows_explained == 0) {
                const std::size_t count = std::min(rows_explained, rows.size() - row);
                values.clear();
                for (std::size_t i = row; i < row + count; ++i) {
                    const auto one = rows.row(i);
                    values.insert(values.end(), one.begin(), one.end());
                }
                parts.resize(count * size);
                model.explainer->of_rows(values, count, parts, interrupts);
            }
            Datum cells[] = {Int64GetDatum(++number), Datum{0}};
            bool nulls[] = {false, null};
            if (!null) {
                const auto own = std::span<const double>(parts).subspan(row % rows_explained * size, size);
                for (std::size_t k = 0; k < outputs; ++k)
                    require_sum(model, margins[row * outputs + k], own.subspan(k * (width + 1), width + 1));
                cells[1] = float8_array(own);
                ++row;
            }
            put(result, cells, nulls);
            if (const Datum array = cells[1]; !null) pg_call([=] { pfree(DatumGetPointer(array)); });
        }
        rows.clear();
    }
    query.close();
    return Datum{0};
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_shap_many, shap_many);
BOURSE_PG_FUNCTION(bourse_shap_fvec, shap<false>);
BOURSE_PG_FUNCTION(bourse_shap_float8, shap<true>);
BOURSE_PG_FUNCTION(bourse_shap_against_fvec, shap_against<false>);
BOURSE_PG_FUNCTION(bourse_shap_against_float8, shap_against<true>);
BOURSE_PG_FUNCTION(bourse_explain_fvec, explain<false>);
BOURSE_PG_FUNCTION(bourse_explain_float8, explain<true>);
BOURSE_PG_FUNCTION(bourse_shap_interactions_fvec, shap_interactions<false>);
BOURSE_PG_FUNCTION(bourse_shap_interactions_float8, shap_interactions<true>);

}  // namespace bourse::pg
