// Bulk prediction: rows come from a query or a feature set, are evaluated in blocks, and go to a tuplestore.
#include <limits>

#include "core/nearest.hpp"
#include "models/prepared.hpp"
#include "pgext/feature_set_rows.hpp"
#include "pgext/float8_arrays.hpp"
#include "pgext/fvec.hpp"
#include "pgext/model_rows.hpp"
#include "pgext/model_store.hpp"
#include "pgext/query_rows.hpp"
#include "pgext/sorted_rows.hpp"

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

// Predictions of rows that come in any order, by ts and symbol: the result's columns symbol, ts, available_at and the
// prediction. Features are gone when it is sorted; on disk a row takes some 60 bytes.
class PredictedRows {
public:
    // predict(rows): makes of a batch what value_of(i) gives for its row i, a datum that may be allocated.
    using Predict = std::function<void(FeatureRows&)>;
    using ValueOf = std::function<Datum(std::size_t)>;
    PredictedRows(const LoadedModel& model, ReturnSetInfo* result, Predict predict, ValueOf value_of)
        : rows_(model),
          most_(rows_per_batch(model)),
          sorted_(result->setDesc, by_ts_and_symbol),
          predict_(std::move(predict)),
          value_of_(std::move(value_of)) {}

    void add(const FeatureSetRow& row) {
        rows_.add(row.features);
        keys_.push_back({std::string(row.symbol), row.ts, row.available_at});
        if (keys_.size() == most_) predict();
    }
    SortedRows& sort() {
        if (!keys_.empty()) predict();
        sorted_.sort();
        return sorted_;
    }

private:
    static constexpr AttrNumber by_ts_and_symbol[] = {2, 1};
    struct Key {
        std::string symbol;
        TimestampTz ts, available_at;
    };

    void predict() {
        predict_(rows_);
        rows_.clear();
        for (std::size_t i = 0; i < keys_.size(); ++i)
            sorted_.add([&](Datum* values, bool*) {
                const char* symbol = keys_[i].symbol.c_str();
                values[0] = pg_call([=] { return CStringGetTextDatum(symbol); });
                values[1] = TimestampTzGetDatum(keys_[i].ts);
                values[2] = TimestampTzGetDatum(keys_[i].available_at);
                values[3] = value_of_(i);
            });
        keys_.clear();
    }

    FeatureRows rows_;
    std::size_t most_;
    SortedRows sorted_;
    Predict predict_;
    ValueOf value_of_;
    std::vector<Key> keys_;
};

// Rows of across_query, of the arguments (model, from_ts, to_ts, universe, symbols, known_at).
Cursor rows_across(FunctionCallInfo fcinfo, const LoadedModel& model) {
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
    return Cursor(across_query, arguments + 1, types, values, nulls);
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
    Cursor cursor = rows_across(fcinfo, model);
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
    std::span<const double> predictions;
    PredictedRows predicted(
        model, result, [&](FeatureRows& rows) { predictions = rows.predictions(interrupts); },
        [&](std::size_t i) { return Float8GetDatum(predictions[i]); });
    each_feature_set_row(fcinfo, model.version, [&](const FeatureSetRow& row) { predicted.add(row); });
    SortedRows& sorted = predicted.sort();
    while (const Datum* row = sorted.next()) {
        const char* symbol = pg_call([=] { return TextDatumGetCString(row[0]); });
        ranking.add(symbol, DatumGetTimestampTz(row[1]), DatumGetTimestampTz(row[2]), DatumGetFloat8(row[3]));
        pg_call([=] { pfree(const_cast<char*>(symbol)); });
    }
    ranking.flush();
    sorted.end();
    return Datum{0};
}

Datum predict_proba_feature_rows(FunctionCallInfo fcinfo) {
    const LoadedModel model = model_of_a_set(fcinfo);
    ReturnSetInfo* result = begin_result(fcinfo);
    const auto interrupts = check_interrupts();
    const std::size_t classes = model.evaluator->classes();
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
    std::vector<double> probabilities;
    PredictedRows predicted(
        model, result, [&](FeatureRows& rows) { probabilities = rows.probabilities(interrupts); },
        [&](std::size_t i) { return float8_array(std::span(probabilities).subspan(i * classes, classes)); });
    each_feature_set_row(fcinfo, model.version, [&](const FeatureSetRow& row) { predicted.add(row); });
    SortedRows& sorted = predicted.sort();
    while (const Datum* row = sorted.next()) {
        Datum values[] = {row[0], row[1], row[2], row[3], Int32GetDatum(model.version.version)};
        bool nulls[5] = {};
        put(result, values, nulls);
    }
    sorted.end();
    return Datum{0};
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_predict_many, predict_many);
BOURSE_PG_FUNCTION(bourse_predict_feature_rows, predict_feature_rows);
BOURSE_PG_FUNCTION(bourse_predict_proba_feature_rows, predict_proba_feature_rows);

}  // namespace bourse::pg
