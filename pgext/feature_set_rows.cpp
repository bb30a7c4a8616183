#include "pgext/feature_set_rows.hpp"

#include "pgext/arguments.hpp"
#include "pgext/contexts.hpp"
#include "pgext/fvec.hpp"
#include "pgext/panel_series.hpp"
#include "pgext/slot_rows.hpp"
#include "pgext/spi_source.hpp"

namespace bourse::pg {
namespace {

using namespace factors;

enum Argument { from_ts = 1, to_ts, universe, symbols, known_at };

bool is_stored(std::int32_t feature_set_id) {
    bool found = false;
    spi_rows("SELECT FROM bourse.feature_set WHERE materialized AND feature_set_id = " + std::to_string(feature_set_id),
             [&](const SpiRow&) { found = true; });
    return found;
}

constexpr const char* stored_query =
    "SELECT i.symbol, v.ts, v.available_at, v.features "
    "FROM bourse.feature_value AS v JOIN bourse.instrument AS i ON i.instrument_id = v.instrument_id "
    "WHERE v.feature_set_id = $1 AND ($2 IS NULL OR v.ts >= $2) AND ($3 IS NULL OR v.ts < $3) "
    "AND ($4 = 'all' OR EXISTS (SELECT FROM bourse.universe AS u WHERE u.name = $4 AND u.instrument_id = "
    "v.instrument_id AND u.span @> v.ts)) "
    "AND ($5 IS NULL OR i.symbol = ANY ($5))";

void stored_rows(FunctionCallInfo fcinfo, std::int32_t feature_set_id, const TakeFeatureSetRow& take) {
    const ParamListInfo arguments = pg_call([=] {
        static constexpr Oid types[] = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID, TEXTARRAYOID};
        ParamListInfo list = makeParamList(5);
        list->params[0] = {Int32GetDatum(feature_set_id), false, PARAM_FLAG_CONST, types[0]};
        for (int i = from_ts; i <= symbols; ++i)
            list->params[i] = {fcinfo->args[i].value, fcinfo->args[i].isnull, PARAM_FLAG_CONST, types[i]};
        return list;
    });
    // what is unpacked of a row
    MemoryContext memory =
        pg_call([] { return AllocSetContextCreate(CurrentMemoryContext, "bourse rows", ALLOCSET_DEFAULT_SIZES); });
    std::size_t count = 0;
    slot_rows(
        stored_query,
        [&](const Datum* values, const bool*) {
            {
                const ContextScope scope(memory);
                const Datum symbol = values[0];
                const text* name = pg_call([=] { return DatumGetTextPP(symbol); });
                take({{VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name)},
                      DatumGetTimestampTz(values[1]),
                      DatumGetTimestampTz(values[2]),
                      as_fvec(values[3])->elements()});
            }
            if (++count % 256 == 0) pg_call([=] { MemoryContextReset(memory); });
        },
        arguments);
    pg_call([=] { MemoryContextDelete(memory); });
}

PanelCall call_of_set(FunctionCallInfo fcinfo, std::int32_t feature_set_id) {
    std::vector<std::string> expressions;
    std::string freq;
    spi_rows(
        "SELECT e.expression, s.freq::text FROM bourse.feature_set AS s, unnest(s.expressions) WITH ORDINALITY AS "
        "e(expression, n) WHERE s.feature_set_id = " +
            std::to_string(feature_set_id) + " ORDER BY e.n",
        [&](const SpiRow& row) {
            expressions.push_back(row.text(1));
            freq = row.text(2);
        });
    PanelCall call{std::move(expressions),
                   text_arg(fcinfo, universe, "universe"),
                   parse_frequency(freq).name,
                   time_arg(fcinfo, from_ts, beginning_us),
                   time_arg(fcinfo, to_ts, end_of_time_us),
                   {},
                   {},
                   {}};
    call.options.known_at = time_text_arg(fcinfo, known_at);
    call.plan = compile_registered(call.expressions);
    check_span(call.from_us, call.to_us);
    return call;
}

std::vector<std::int32_t> instruments_of(const std::vector<std::string>& names) {
    std::string list;
    for (const auto& name : names) list += (list.empty() ? "" : ",") + sql_literal(name);
    std::vector<std::int32_t> ids;
    if (!list.empty())
        spi_rows("SELECT instrument_id FROM bourse.instrument WHERE symbol IN (" + list + ") ORDER BY 1",
                 [&](const SpiRow& row) { ids.push_back(row.int4(1)); });
    return ids;
}

void computed_rows(FunctionCallInfo fcinfo, std::int32_t feature_set_id, const TakeFeatureSetRow& take) {
    const PanelCall call = call_of_set(fcinfo, feature_set_id);
    const std::int64_t known_us = time_arg(fcinfo, known_at, end_of_time_us);
    std::vector<std::int32_t> instruments;  // empty: all
    if (!PG_ARGISNULL(symbols)) {
        instruments = instruments_of(texts_arg(fcinfo, symbols, "symbols"));
        if (instruments.empty()) return;
    }
    const std::size_t width = call.expressions.size();
    const auto interrupts = check_interrupts();
    each_series(
        call,
        [&](const Series& series, std::span<const float> features) {
            check(interrupts);
            for (std::size_t row = series.first; row < series.last; ++row)
                if (is_asked(series, row, call.options) && series.available_us[row] <= known_us)
                    take({series.symbol, DatumGetTimestampTz(time_datum(series.ts_us[row])),
                          DatumGetTimestampTz(time_datum(series.available_us[row])),
                          features.subspan((row - series.first) * width, width)});
        },
        instruments);
}

}  // namespace

void each_feature_set_row(FunctionCallInfo fcinfo, const ModelVersion& version, const TakeFeatureSetRow& take) {
    SpiScope spi;
    if (PG_ARGISNULL(known_at) && is_stored(version.feature_set_id))
        stored_rows(fcinfo, version.feature_set_id, take);
    else
        computed_rows(fcinfo, version.feature_set_id, take);
}

}  // namespace bourse::pg
