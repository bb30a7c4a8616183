// Expressions in SQL: check_expressions, evaluate, features.
#include "factors/evaluate.hpp"
#include "factors/feature_name.hpp"
#include "factors/panel_reader.hpp"
#include "factors/sets/built_in_sets.hpp"
#include "pgext/arguments.hpp"
#include "pgext/fvec.hpp"
#include "pgext/panel_call.hpp"
#include "pgext/spi_source.hpp"

namespace bourse::pg {
namespace {

using namespace factors;

// check_expressions(expressions text[], fields text[], refuse_lookahead boolean)
Datum check_expressions(FunctionCallInfo fcinfo) {
    const auto expressions = texts_arg(fcinfo, 0, "expressions");
    const bool check_fields = !PG_ARGISNULL(1), refuse = !PG_ARGISNULL(2) && PG_GETARG_BOOL(2);
    const auto fields = check_fields ? texts_arg(fcinfo, 1, "fields") : std::vector<std::string>{};
    const Plan plan = compile_registered(expressions);
    if (check_fields) require_fields(plan, fields);
    const bool simple = plan.derivations.empty();
    Rows rows(fcinfo);
    for (std::size_t i = 0; i < expressions.size(); ++i) {
        const Reach reach = plan.reach(i);
        if (refuse && reach.right > 0)
            throw Error(ErrorKind::bad_expression,
                        "expression " + std::to_string(i + 1) + " looks " + std::to_string(reach.right) + " bars ahead",
                        "features may only use the past: Ref with N < 0 is for labels",
                        "expression: " + expressions[i].substr(0, 300));
        rows.add([&](Datum* values, bool* nulls) {
            values[0] = Int32GetDatum(static_cast<std::int32_t>(i + 1));
            values[1] = text_datum(feature_name(expressions[i]));
            values[2] = Int32GetDatum(reach.left);
            nulls[2] = reach.left == unbounded;
            values[3] = Int32GetDatum(reach.right);
            values[4] = text_array(simple ? std::vector<std::string>{}
                                          : dependence(compile_registered(expressions[i])).frequencies);
        });
    }
    return static_cast<Datum>(0);
}

// built_in_features(set)
Datum built_in_features(FunctionCallInfo fcinfo) {
    const auto features = built_in_set(text_arg(fcinfo, 0, "feature_set"));
    Rows rows(fcinfo);
    for (std::size_t i = 0; i < features.size(); ++i)
        rows.add([&](Datum* values, bool*) {
            values[0] = Int32GetDatum(static_cast<std::int32_t>(i + 1));
            values[1] = text_datum(features[i].name);
            values[2] = text_datum(features[i].expression);
        });
    return static_cast<Datum>(0);
}

// evaluate(expression, symbol, from_ts, to_ts, freq, options)
Datum evaluate_one(FunctionCallInfo fcinfo) {
    const auto expression = text_arg(fcinfo, 0, "expression"), symbol = text_arg(fcinfo, 1, "symbol");
    const auto from = time_arg(fcinfo, 2, beginning_us), to = time_arg(fcinfo, 3, end_of_time_us);
    const auto frequency = parse_frequency(text_arg(fcinfo, 4, "freq"));
    const PanelOptions options = options_arg(fcinfo, 5);
    const Plan plan = compile_registered(expression, options.rules);
    check_span(from, to);
    const auto interrupts = check_interrupts();
    Rows rows(fcinfo);
    SpiScope spi;
    SpiSource source(options.known_at);
    if (!reads_only_built_in(plan)) require_fields(plan, source.known_fields(frequency.name));
    PanelRequest request = request_of(plan, frequency.name, options);
    request.instruments = {source.instrument_id(symbol)};
    PanelReader reader(source, std::move(request));
    if (reader.instruments().empty()) return static_cast<Datum>(0);
    const Panel panel = reader.read(reader.want_all(from, to), interrupts);
    const Series& series = panel.series[0];
    std::vector<double> values;
    Evaluator(plan, panel).run(series, series.first, series.last, values, interrupts);
    for (std::size_t row = series.first; row < series.last; ++row) {
        if (options.only_bars && !series.has_bar[row]) continue;
        double value = values[row - series.first];
        if (options.rules.strict_qlib) value = static_cast<float>(value);  // Qlib's final values are float32
        rows.add([&](Datum* columns, bool* nulls) {
            columns[0] = time_datum(series.ts_us[row]);
            columns[1] = Float8GetDatum(value);
            nulls[1] = std::isnan(value);
        });
    }
    return static_cast<Datum>(0);
}

// A row before which no row needs to be looked at for the newest one that was closed at `known_us`.
std::int64_t early_enough(const Calendar& calendar, std::int64_t first_us, std::int64_t newest_us,
                          std::int64_t known_us) {
    constexpr std::size_t most = std::size_t{1} << 30;
    for (std::size_t count = 1; count < most; count *= 2) {
        const auto row = std::max(calendar.before(newest_us + 1, count), first_us);
        if (row == first_us || (row <= newest_us && calendar.close(row) <= known_us)) return row;
    }
    return first_us;
}

// features_at(expressions text[], freq text, symbol text, at timestamptz, known_at timestamptz): the row at `at` or the
// newest before it; with known_at the newest that was closed then, with what was known then.
Datum features_at(FunctionCallInfo fcinfo) {
    const auto expressions = texts_arg(fcinfo, 0, "expressions");
    const auto freq = text_arg(fcinfo, 1, "freq"), symbol = text_arg(fcinfo, 2, "symbol");
    const auto at = time_arg(fcinfo, 3, end_of_time_us);
    const auto known_us = time_arg(fcinfo, 4, end_of_time_us);
    const Plan plan = compile_registered(expressions);
    const auto interrupts = check_interrupts();
    std::vector<double> columns;
    bool found = false;
    {
        SpiScope spi;
        SpiSource source(time_text_arg(fcinfo, 4));
        PanelRequest request = request_of(plan, freq, {});
        request.instruments = {source.instrument_id(symbol)};
        PanelReader reader(source, std::move(request));
        const auto newest =
            reader.instruments().empty() ? beginning_us : std::min({at, reader.instruments()[0].last_us, known_us});
        if (!reader.instruments().empty() && newest >= reader.instruments()[0].first_us) {
            const auto& instrument = reader.instruments()[0];
            const auto from = early_enough(reader.calendar(instrument), instrument.first_us, newest, known_us);
            const Panel panel = reader.read({{0, from, newest + 1}}, interrupts);
            const Series& series = panel.series[0];
            std::size_t end = series.last;
            while (end > series.first && series.available_us[end - 1] > known_us) --end;
            if (end > series.first) {
                Evaluator(plan, panel).run(series, end - 1, end, columns, interrupts);
                found = true;
            }
        }
    }
    if (!found) {
        fcinfo->isnull = true;
        return static_cast<Datum>(0);
    }
    std::vector<float> values(columns.begin(), columns.end());
    return fvec_datum(make_fvec(std::span<const float>(values)));
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_check_expressions, check_expressions);
BOURSE_PG_FUNCTION(bourse_built_in_features, built_in_features);
BOURSE_PG_FUNCTION(bourse_evaluate, evaluate_one);
BOURSE_PG_FUNCTION(bourse_features_at, features_at);

}  // namespace bourse::pg
