// Expressions in SQL: check_expressions, evaluate, evaluate_panel, evaluate_matrix, features.
#include "datasets/option_keys.hpp"
#include "factors/evaluate.hpp"
#include "factors/feature_name.hpp"
#include "factors/panel_reader.hpp"
#include "factors/sets/built_in_sets.hpp"
#include "pgext/arguments.hpp"
#include "pgext/fvec.hpp"
#include "pgext/spi_source.hpp"

extern "C" {
#include "utils/jsonb.h"
}

namespace bourse::pg {
namespace {

using namespace factors;
using nlohmann::json;

struct Options {
    Rules rules;
    bool adjusted = true;
    bool keep_suspended = false;
    bool only_bars = false;
    std::string known_at;  // empty: now
};

bool boolean_option(const json& object, const char* key, bool fallback) {
    if (!object.contains(key)) return fallback;
    if (!object[key].is_boolean())
        throw Error(ErrorKind::invalid_argument,
                    std::string("options: ") + key + " is " + object[key].dump() + ", expected true or false");
    return object[key].get<bool>();
}

bool choice_option(const json& object, const char* key, const char* yes, const char* no) {
    if (!object.contains(key)) return false;
    if (object[key] == yes) return true;
    if (object[key] == no) return false;
    throw Error(ErrorKind::invalid_argument, std::string("options: ") + key + " is " + object[key].dump() +
                                                 ", expected \"" + yes + "\" or \"" + no + "\"");
}

// A time as text; whether it can be read is the server's to say.
std::string time_option(const json& object, const char* key) {
    if (!object.contains(key) || object[key].is_null()) return {};
    if (!object[key].is_string() || object[key].get<std::string>().empty())
        throw Error(ErrorKind::invalid_argument,
                    std::string("options: ") + key + " is " + object[key].dump() + ", expected a time in quotes");
    return object[key].get<std::string>();
}

Options options_arg(FunctionCallInfo fcinfo, int n) {
    Options options;
    if (PG_ARGISNULL(n)) return options;
    const Datum datum = PG_GETARG_DATUM(n);
    const char* text = pg_call([&] {
        Jsonb* value = DatumGetJsonbP(datum);
        return JsonbToCString(nullptr, &value->root, static_cast<int>(VARSIZE(value)));
    });
    const json object = json::parse(text, nullptr, false);
    static const std::vector<std::string> known{"strict_qlib", "adjusted", "suspended", "grid", "known_at"};
    datasets::check_keys(object, known, "options");
    options.rules.strict_qlib = boolean_option(object, "strict_qlib", false);
    options.adjusted = boolean_option(object, "adjusted", true);
    options.keep_suspended = choice_option(object, "suspended", "keep", "missing");
    options.only_bars = choice_option(object, "grid", "bars", "calendar");
    options.known_at = time_option(object, "known_at");
    return options;
}

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

PanelRequest request_of(const Plan& plan, const std::string& freq, const Options& options) {
    PanelRequest request = request_for(plan, freq);
    request.adjusted = options.adjusted;
    request.keep_suspended = options.keep_suspended;
    return request;
}

void check_span(std::int64_t from, std::int64_t to) {
    if (from > to)
        throw Error(ErrorKind::invalid_argument, "from_ts is after to_ts", "the span is from_ts <= ts < to_ts");
}

// evaluate(expression, symbol, from_ts, to_ts, freq, options)
Datum evaluate_one(FunctionCallInfo fcinfo) {
    const auto expression = text_arg(fcinfo, 0, "expression"), symbol = text_arg(fcinfo, 1, "symbol");
    const auto from = time_arg(fcinfo, 2, beginning_us), to = time_arg(fcinfo, 3, end_of_time_us);
    const auto frequency = parse_frequency(text_arg(fcinfo, 4, "freq"));
    const Options options = options_arg(fcinfo, 5);
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

// Each expression by itself, for strict Qlib rules, whose values depend on where the expression's own windows begin.
FeatureMatrix evaluate_alone(const std::vector<Plan>& plans, const Panel& panel, const CheckInterrupts& interrupts) {
    FeatureMatrix matrix;
    matrix.columns = plans.size();
    std::vector<double> column;
    for (const Series& series : panel.series) {
        const std::size_t asked = series.last - series.first, before = matrix.values.size();
        matrix.values.resize(before + asked * plans.size());
        for (std::size_t c = 0; c < plans.size(); ++c) {
            Evaluator(plans[c], panel).run(series, series.first, series.last, column, interrupts);
            for (std::size_t r = 0; r < asked; ++r)
                matrix.values[before + r * plans.size() + c] = static_cast<float>(column[r]);
        }
    }
    return matrix;
}

// What evaluate_panel and evaluate_matrix are asked for.
struct PanelCall {
    std::vector<std::string> expressions;
    std::string universe, freq;
    std::int64_t from_us, to_us;
    Options options;
    Plan plan;
    std::vector<Plan> alone;  // each expression by itself: strict Qlib rules
};

PanelCall panel_call(FunctionCallInfo fcinfo) {
    PanelCall call;
    call.expressions = texts_arg(fcinfo, 0, "expressions");
    const auto& expressions = call.expressions;
    if (expressions.empty() || expressions.size() > fvec_max_length)
        throw Error(ErrorKind::invalid_argument, "expressions has " + std::to_string(expressions.size()) +
                                                     " elements, expected 1 to " + std::to_string(fvec_max_length));
    call.universe = text_arg(fcinfo, 1, "universe");
    call.from_us = time_arg(fcinfo, 2, beginning_us);
    call.to_us = time_arg(fcinfo, 3, end_of_time_us);
    call.freq = parse_frequency(text_arg(fcinfo, 4, "freq")).name;
    call.options = options_arg(fcinfo, 5);
    call.plan = compile_registered(expressions, call.options.rules);
    if (call.options.rules.strict_qlib)
        for (const auto& expression : expressions)
            call.alone.push_back(compile_registered(expression, call.options.rules));
    check_span(call.from_us, call.to_us);
    return call;
}

// Bars that are read at a time, so that they and the values take some 64 MiB. What looks at other instruments reads
// those again for each block.
std::size_t block_bytes(const PanelCall& call) {
    constexpr std::size_t most = std::size_t{64} << 20;
    if (!call.plan.derivations.empty()) return most;
    const std::size_t read = (call.plan.fields.size() + 16) * sizeof(double),
                      made = call.expressions.size() * sizeof(float);
    return most / (read + made) * read;
}

// take(series, rows): float32 rows of a series in the order of its own, row after row.
template <class Take>
void evaluate_blocks(const PanelCall& call, Take take) {
    const auto interrupts = check_interrupts();
    SpiScope spi;
    SpiSource source(call.options.known_at);
    if (!reads_only_built_in(call.plan)) require_fields(call.plan, source.known_fields(call.freq));
    PanelRequest request = request_of(call.plan, call.freq, call.options);
    request.universe = call.universe;
    PanelReader reader(source, std::move(request));
    for (const auto& block : reader.blocks(reader.want_all(call.from_us, call.to_us), block_bytes(call))) {
        const Panel panel = reader.read(block, interrupts);
        const FeatureMatrix matrix =
            call.alone.empty() ? evaluate(call.plan, panel, interrupts) : evaluate_alone(call.alone, panel, interrupts);
        std::size_t at = 0;
        for (const Series& series : panel.series) {
            const std::size_t count = (series.last - series.first) * call.expressions.size();
            take(series, std::span<const float>(matrix.values).subspan(at, count));
            at += count;
        }
    }
}

// Whether a row belongs into the answer.
bool is_asked(const Series& series, std::size_t row, const Options& options) {
    return series.member[row] && (!options.only_bars || series.has_bar[row]);
}

// evaluate_panel(expressions, universe, from_ts, to_ts, freq, options)
Datum evaluate_panel(FunctionCallInfo fcinfo) {
    const PanelCall call = panel_call(fcinfo);
    const std::size_t count = call.expressions.size();
    Rows rows(fcinfo);
    evaluate_blocks(call, [&](const Series& series, std::span<const float> features) {
        for (std::size_t row = series.first; row < series.last; ++row) {
            if (!is_asked(series, row, call.options)) continue;
            rows.add([&](Datum* values, bool*) {
                values[0] = text_datum(series.symbol);
                values[1] = time_datum(series.ts_us[row]);
                values[2] = fvec_datum(make_fvec(features.subspan((row - series.first) * count, count)));
            });
        }
    });
    return static_cast<Datum>(0);
}

// evaluate_matrix(expressions, universe, from_ts, to_ts, freq, options): rows of an instrument together, as bytes.
Datum evaluate_matrix(FunctionCallInfo fcinfo) {
    constexpr std::size_t most_values = std::size_t{4} << 20;  // of a row: 16 MiB
    const PanelCall call = panel_call(fcinfo);
    const std::size_t count = call.expressions.size(), most_rows = std::max<std::size_t>(1, most_values / count);
    Rows rows(fcinfo);
    std::vector<std::int64_t> times;
    std::vector<float> matrix;
    evaluate_blocks(call, [&](const Series& series, std::span<const float> features) {
        const auto write = [&] {
            if (times.empty()) return;
            rows.add([&](Datum* values, bool*) {
                values[0] = text_datum(series.symbol);
                values[1] = bytes_datum(std::as_bytes(std::span<const std::int64_t>(times)));
                values[2] = bytes_datum(std::as_bytes(std::span<const float>(matrix)));
            });
            rows.forget();
            times.clear();
            matrix.clear();
        };
        for (std::size_t row = series.first; row < series.last; ++row) {
            if (!is_asked(series, row, call.options)) continue;
            times.push_back(series.ts_us[row]);
            const auto own = features.subspan((row - series.first) * count, count);
            matrix.insert(matrix.end(), own.begin(), own.end());
            if (times.size() == most_rows) write();
        }
        write();
    });
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
BOURSE_PG_FUNCTION(bourse_evaluate_panel, evaluate_panel);
BOURSE_PG_FUNCTION(bourse_evaluate_matrix, evaluate_matrix);
BOURSE_PG_FUNCTION(bourse_features_at, features_at);

}  // namespace bourse::pg
