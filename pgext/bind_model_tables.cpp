// Bulk prediction: rows come from a cursor, are evaluated in blocks, and go to a tuplestore.
#include <limits>

#include "core/nearest.hpp"
#include "models/prepared.hpp"
#include "pgext/contexts.hpp"
#include "pgext/float8_arrays.hpp"
#include "pgext/fvec.hpp"
#include "pgext/model_rows.hpp"
#include "pgext/model_store.hpp"
#include "pgext/query_rows.hpp"

extern "C" {
#include "catalog/pg_type_d.h"
}

namespace bourse::pg {
namespace {

Datum predict_many(FunctionCallInfo fcinfo) {
    const LoadedModel model = find_model(text_argument(fcinfo, 0));
    ReturnSetInfo* result = begin_result(fcinfo);
    FeatureQuery query(model, text_argument(fcinfo, 1), "predict_many",
                       "predict_many('" + model.version.name + "', 'SELECT features FROM …')");
    FeatureRows rows(model);
    const auto interrupts = check_interrupts();
    std::vector<bool> missing;
    std::int64_t number = 0;
    while (query.fetch(rows, missing)) {
        const auto predictions = rows.predictions(interrupts);
        rows.clear();
        std::size_t next = 0;
        for (const bool null : missing) {
            Datum values[] = {Int64GetDatum(++number), null ? Datum{0} : Float8GetDatum(predictions[next++])};
            bool nulls[] = {false, null};
            put(result, values, nulls);
        }
    }
    query.close();
    return Datum{0};
}

constexpr const char* feature_query =
    "SELECT i.symbol, v.ts, v.available_at, v.features "
    "FROM bourse.feature_value AS v JOIN bourse.instrument AS i ON i.instrument_id = v.instrument_id "
    "WHERE v.feature_set_id = $1 AND ($2 IS NULL OR v.ts >= $2) AND ($3 IS NULL OR v.ts < $3) "
    "AND ($4 = 'all' OR EXISTS (SELECT FROM bourse.universe AS u WHERE u.name = $4 AND u.instrument_id = "
    "v.instrument_id AND u.span @> v.ts)) "
    "AND ($5 IS NULL OR i.symbol = ANY ($5)) "
    "ORDER BY v.ts, i.symbol";

// The same for a set that is not stored, or as known at an earlier time: then only rows that were available by that
// time.
constexpr const char* computed_query =
    "SELECT p.symbol, p.ts, c.available_at, p.features "
    "FROM bourse.feature_set AS s "
    "CROSS JOIN LATERAL bourse.evaluate_panel(s.expressions, $4, $2, $3, s.freq::text, "
    "jsonb_strip_nulls(jsonb_build_object('known_at', $6))) AS p "
    "JOIN bourse.instrument AS i ON i.symbol = p.symbol "
    "CROSS JOIN LATERAL bourse.bar_close(i.instrument_id, s.freq::text, p.ts) AS c(available_at) "
    "WHERE s.feature_set_id = $1 AND ($5 IS NULL OR p.symbol = ANY ($5)) AND ($6 IS NULL OR c.available_at <= $6) "
    "ORDER BY p.ts, p.symbol";

// For a model whose features depend on all rows of a timestamp: those of the universe that it learned from, bars only,
// as in its dataset and in its order (sums are not the same in another); computed, since stored rows do not say whether
// there is a bar. Last: whether the caller asked for
// the row.
constexpr const char* across_query =
    "SELECT p.symbol, p.ts, c.available_at, p.features, ($5 IS NULL OR p.symbol = ANY ($5)) AND ($4 = 'all' OR EXISTS "
    "(SELECT FROM bourse.universe AS u WHERE u.name = $4 AND u.instrument_id = i.instrument_id AND u.span @> p.ts)) "
    "FROM bourse.feature_set AS s "
    "CROSS JOIN LATERAL bourse.evaluate_panel(s.expressions, bourse.model_universe($7), $2, $3, s.freq::text, "
    "jsonb_strip_nulls(jsonb_build_object('known_at', $6, 'grid', 'bars'))) AS p "
    "JOIN bourse.instrument AS i ON i.symbol = p.symbol "
    "CROSS JOIN LATERAL bourse.bar_close(i.instrument_id, s.freq::text, p.ts) AS c(available_at) "
    "WHERE s.feature_set_id = $1 AND ($6 IS NULL OR c.available_at <= $6) "
    "ORDER BY p.ts, i.instrument_id";

bool is_stored(std::int32_t feature_set_id) {
    return pg_call([=] {
        SPI_connect();
        Oid types[] = {INT4OID};
        Datum values[] = {Int32GetDatum(feature_set_id)};
        const int result =
            SPI_execute_with_args("SELECT FROM bourse.feature_set WHERE feature_set_id = $1 AND materialized", 1, types,
                                  values, nullptr, true, 1);
        if (result != SPI_OK_SELECT) elog(ERROR, "SPI_execute_with_args: %s", SPI_result_code_string(result));
        const bool found = SPI_processed > 0;
        SPI_finish();
        return found;
    });
}

// The rows of one ts, ranked when all are there.
class Ranking {
public:
    Ranking(ReturnSetInfo* result, int version) : result_(result), version_(version) {}

    void add(const char* symbol, TimestampTz ts, TimestampTz available_at, double prediction) {
        if (!rows_.empty() && rows_.back().ts != ts) flush();
        rows_.push_back({symbol, ts, available_at, prediction});
    }

    // Highest prediction first; equals share the smaller rank.
    void flush() {
        std::stable_sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return order(a) > order(b); });
        int rank = 0;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            const Row& row = rows_[i];
            if (i == 0 || order(row) != order(rows_[i - 1])) rank = static_cast<int>(i) + 1;
            const char* symbol = row.symbol.c_str();
            const Datum name = pg_call([=] { return CStringGetTextDatum(symbol); });
            Datum values[] = {name,
                              TimestampTzGetDatum(row.ts),
                              TimestampTzGetDatum(row.available_at),
                              Float8GetDatum(row.prediction),
                              Int32GetDatum(rank),
                              Int32GetDatum(version_)};
            bool nulls[6] = {};
            put(result_, values, nulls);
            pg_call([=] { pfree(DatumGetPointer(name)); });
        }
        rows_.clear();
    }

private:
    struct Row {
        std::string symbol;
        TimestampTz ts, available_at;
        double prediction;
    };
    // Not a number ranks last.
    static double order(const Row& row) {
        return std::isnan(row.prediction) ? -std::numeric_limits<double>::infinity() : row.prediction;
    }

    ReturnSetInfo* result_;
    int version_;
    std::vector<Row> rows_;
};

// The model in argument 0, made with a feature set.
LoadedModel model_of_a_set(FunctionCallInfo fcinfo) {
    const LoadedModel model = find_model(text_argument(fcinfo, 0));
    if (model.version.feature_set_id == 0)
        throw Error(ErrorKind::unknown_feature_set,
                    "model " + model.version.label() + " was made without a feature set",
                    "use bourse.predict_many with a query that yields its features");
    return model;
}

// Rows of the model's set by ts and symbol, in the columns of feature_query. Arguments of the call: model, from_ts,
// to_ts, universe, symbols, known_at.
Cursor feature_rows(FunctionCallInfo fcinfo, const LoadedModel& model) {
    constexpr int arguments = 6;
    Oid types[arguments + 1] = {INT4OID,      TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID,
                                TEXTARRAYOID, TIMESTAMPTZOID, INT8OID};
    Datum values[arguments + 1] = {Int32GetDatum(model.version.feature_set_id)};
    char nulls[arguments + 1] = {' ', ' ', ' ', ' ', ' ', ' ', ' '};
    for (int i = 1; i < arguments; ++i) {
        values[i] = PG_GETARG_DATUM(i);
        if (PG_ARGISNULL(i)) nulls[i] = 'n';
    }
    values[arguments] = Int64GetDatum(model.version.version_id);
    if (dynamic_cast<const models::PreparedAcross*>(model.evaluator.get()))
        return Cursor(across_query, arguments + 1, types, values, nulls);
    const bool stored = PG_ARGISNULL(5) && is_stored(model.version.feature_set_id);
    return Cursor(stored ? feature_query : computed_query, stored ? 5 : arguments, types, values, nulls);
}

// A batch of them for the evaluator.
void add_batch(FeatureRows& rows, SPITupleTable* batch) {
    for (std::size_t i = 0; i < batch->numvals; ++i) rows.add_fvec(field(batch, i, 4).value);
}

// Rows of across_query timestamp by timestamp, prepared together. `each` gets the model behind the preparation, its
// rows and whose they are, of those that were asked for.
struct RowOfTime {
    std::string symbol;
    TimestampTz available_at;
    bool asked;
};

template <class Each>
void each_timestamp(FunctionCallInfo fcinfo, const LoadedModel& model, const models::PreparedAcross& across,
                    Each each) {
    const LoadedModel inner{model.version, {model.evaluator, &across.model()}, nullptr};
    Cursor cursor = feature_rows(fcinfo, model);
    FeatureRows rows(inner);
    const std::size_t width = across.features().size();
    std::vector<float> values;
    std::vector<RowOfTime> keys;
    TimestampTz now = 0;
    const auto flush = [&] {
        if (keys.empty()) return;
        across.prepare(values);
        std::vector<RowOfTime> asked;
        std::vector<double> row(width);
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (!keys[i].asked) continue;
            std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(i * width), width, row.begin());
            rows.add(row);
            asked.push_back(std::move(keys[i]));
        }
        if (!asked.empty()) each(now, asked, rows);
        rows.clear();
        values.clear();
        keys.clear();
    };
    while (SPITupleTable* batch = cursor.fetch(rows_per_batch(model)))
        for (std::size_t i = 0; i < batch->numvals; ++i) {
            const TimestampTz ts = DatumGetTimestampTz(field(batch, i, 2).value);
            if (ts != now) flush();
            now = ts;
            const auto features = as_fvec(field(batch, i, 4).value)->elements();
            if (features.size() != width)
                throw Error(ErrorKind::unknown_feature, "model " + model.version.label() + " takes " +
                                                            std::to_string(width) + " features, its set has " +
                                                            std::to_string(features.size()));
            if (std::all_of(features.begin(), features.end(), [](float x) { return std::isnan(x); })) continue;
            values.insert(values.end(), features.begin(), features.end());
            const char* symbol = pg_call([=] { return SPI_getvalue(batch->vals[i], batch->tupdesc, 1); });
            keys.push_back(
                {symbol, DatumGetTimestampTz(field(batch, i, 3).value), DatumGetBool(field(batch, i, 5).value)});
            pg_call([=] { pfree(const_cast<char*>(symbol)); });
        }
    flush();
    cursor.close();
}

Datum predict_feature_rows(FunctionCallInfo fcinfo) {
    const LoadedModel model = model_of_a_set(fcinfo);
    ReturnSetInfo* result = begin_result(fcinfo);
    const auto interrupts = check_interrupts();
    Ranking ranking(result, model.version.version);
    if (const auto* across = dynamic_cast<const models::PreparedAcross*>(model.evaluator.get())) {
        each_timestamp(fcinfo, model, *across,
                       [&](TimestampTz ts, const std::vector<RowOfTime>& keys, FeatureRows& prepared) {
                           const auto predictions = prepared.predictions(interrupts);
                           for (std::size_t i = 0; i < keys.size(); ++i)
                               ranking.add(keys[i].symbol.c_str(), ts, keys[i].available_at, predictions[i]);
                       });
        ranking.flush();
        return Datum{0};
    }
    Cursor cursor = feature_rows(fcinfo, model);
    FeatureRows rows(model);
    const std::size_t size = rows_per_batch(model);
    while (SPITupleTable* batch = cursor.fetch(size)) {
        add_batch(rows, batch);
        const auto predictions = rows.predictions(interrupts);
        rows.clear();
        for (std::size_t i = 0; i < batch->numvals; ++i) {
            const char* symbol = pg_call([=] { return SPI_getvalue(batch->vals[i], batch->tupdesc, 1); });
            ranking.add(symbol, DatumGetTimestampTz(field(batch, i, 2).value),
                        DatumGetTimestampTz(field(batch, i, 3).value), predictions[i]);
            pg_call([=] { pfree(const_cast<char*>(symbol)); });
        }
    }
    ranking.flush();
    cursor.close();
    return Datum{0};
}

Datum predict_proba_feature_rows(FunctionCallInfo fcinfo) {
    const LoadedModel model = model_of_a_set(fcinfo);
    ReturnSetInfo* result = begin_result(fcinfo);
    const auto interrupts = check_interrupts();
    const std::size_t size = rows_per_batch(model), classes = model.evaluator->classes();
    if (const auto* across = dynamic_cast<const models::PreparedAcross*>(model.evaluator.get())) {
        each_timestamp(fcinfo, model, *across,
                       [&](TimestampTz ts, const std::vector<RowOfTime>& keys, FeatureRows& prepared) {
                           const auto probabilities = prepared.probabilities(interrupts);
                           for (std::size_t i = 0; i < keys.size(); ++i) {
                               const char* symbol = keys[i].symbol.c_str();
                               Datum values[] = {pg_call([=] { return CStringGetTextDatum(symbol); }),
                                                 TimestampTzGetDatum(ts), TimestampTzGetDatum(keys[i].available_at),
                                                 float8_array(std::span(probabilities).subspan(i * classes, classes)),
                                                 Int32GetDatum(model.version.version)};
                               bool nulls[5] = {};
                               put(result, values, nulls);
                           }
                       });
        return Datum{0};
    }
    Cursor cursor = feature_rows(fcinfo, model);
    FeatureRows rows(model);
    while (SPITupleTable* batch = cursor.fetch(size)) {
        add_batch(rows, batch);
        const auto probabilities = rows.probabilities(interrupts);
        rows.clear();
        for (std::size_t i = 0; i < batch->numvals; ++i) {
            const auto own = std::span(probabilities).subspan(i * classes, classes);
            Datum values[] = {field(batch, i, 1).value, field(batch, i, 2).value, field(batch, i, 3).value,
                              float8_array(own), Int32GetDatum(model.version.version)};
            bool nulls[5] = {};
            put(result, values, nulls);
        }
    }
    cursor.close();
    return Datum{0};
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_predict_many, predict_many);
BOURSE_PG_FUNCTION(bourse_predict_feature_rows, predict_feature_rows);
BOURSE_PG_FUNCTION(bourse_predict_proba_feature_rows, predict_proba_feature_rows);

}  // namespace bourse::pg
