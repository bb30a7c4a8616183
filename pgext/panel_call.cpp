#include "pgext/panel_call.hpp"

#include "datasets/option_keys.hpp"
#include "pgext/arguments.hpp"
#include "pgext/fvec.hpp"
#include "pgext/spi_source.hpp"

extern "C" {
#include "utils/jsonb.h"
}

namespace bourse::pg {

using namespace factors;
using nlohmann::json;

namespace {

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

}  // namespace

PanelOptions options_arg(FunctionCallInfo fcinfo, int n) {
    PanelOptions options;
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

PanelRequest request_of(const Plan& plan, const std::string& freq, const PanelOptions& options) {
    PanelRequest request = request_for(plan, freq);
    request.adjusted = options.adjusted;
    request.keep_suspended = options.keep_suspended;
    return request;
}

void check_span(std::int64_t from, std::int64_t to) {
    if (from > to)
        throw Error(ErrorKind::invalid_argument, "from_ts is after to_ts", "the span is from_ts <= ts < to_ts");
}

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

PanelRequest request_of(const PanelCall& call) {
    PanelRequest request = request_of(call.plan, call.freq, call.options);
    request.universe = call.universe;
    return request;
}

// Bars that are read at a time, so that they and the values take some 16 MiB: memory that is used again from block to
// block, where first touching a page costs as much as what is computed on it. What looks at other instruments reads
// those again for each block, and has fewer of them.
std::size_t block_bytes(const PanelCall& call) {
    if (!call.plan.derivations.empty()) return std::size_t{64} << 20;
    const std::size_t read = (call.plan.fields.size() + 16) * sizeof(double),
                      made = call.expressions.size() * sizeof(float);
    return (std::size_t{16} << 20) / (read + made) * read;
}

void values_of(const PanelCall& call, const Panel& panel, FeatureMatrix& matrix, const CheckInterrupts& interrupts) {
    if (call.alone.empty())
        evaluate(call.plan, panel, matrix, interrupts);
    else
        matrix = evaluate_alone(call.alone, panel, interrupts);
}

}  // namespace bourse::pg
