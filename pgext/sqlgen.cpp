// Prints what follows from the list of indicators; run by the build.
//   sqlgen sql      the SQL declarations: types, functions, comments, ta.indicator_catalog
//   sqlgen table    the table of docs/reference/indicators.md
#include <cmath>
#include <iostream>
#include <sstream>
#include <string>

#include "indicators/catalogue.hpp"
#include "indicators/describe.hpp"

namespace bourse::indicators {
namespace {

std::string quoted(std::string_view text) {
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? "''" : std::string(1, c);
    return result + "'";
}

std::string quoted_or_null(std::string_view text) { return text.empty() ? "NULL" : quoted(text); }

// The two forms of one function.
struct Form {
    const char* suffix;   // of the C symbol
    const char* element;  // type of an input and of an output
    const char* language;
    const char* result;  // suffix of the composite
    const char* how;     // for comments
};
constexpr Form forms[] = {
    {"window", "float8", "LANGUAGE C WINDOW", "_result", "one value a row, OVER (PARTITION BY symbol ORDER BY ts)"},
    {"array", "float8[]", "LANGUAGE C", "_series", "whole series, oldest first; results have the length of the input"}};

std::string result_type(const Info& info, const Form& form) {
    return info.outputs.size() == 1 ? form.element : "ta." + std::string(info.name) + form.result;
}

void declare_type(std::ostream& out, const Info& info, const Form& form) {
    const std::string type = result_type(info, form);
    out << "CREATE TYPE " << type << " AS ("
        << joined(info.outputs, ", ",
                  [&](const Output& output) { return std::string(output.name) + " " + form.element; })
        << ");\n"
        << "COMMENT ON TYPE " << type << " IS " << quoted("what ta." + std::string(info.name) + " returns: " + form.how)
        << ";\n";
    for (const Output& output : info.outputs)
        out << "COMMENT ON COLUMN " << type << "." << output.name << " IS "
            << quoted(std::string(output.name) + " of the " + std::string(info.summary)) << ";\n";
}

void declare_function(std::ostream& out, const Info& info, const Form& form) {
    std::string arguments =
        joined(info.inputs, ", ", [&](std::string_view name) { return std::string(name) + " " + form.element; });
    std::string types = joined(info.inputs, ", ", [&](std::string_view) { return form.element; });
    for (const Param& param : info.params) {
        arguments += ", " + std::string(param.name) + " " + type_of(param) + " DEFAULT " + fallback_of(param, "'");
        types += std::string(", ") + type_of(param);
    }
    const std::string name = "ta." + std::string(info.name);
    out << "CREATE FUNCTION " << name << "(" << arguments << ")\n    RETURNS " << result_type(info, form)
        << "\n    AS 'MODULE_PATHNAME', 'ta_" << info.name << "_" << form.suffix << "' " << form.language
        << " IMMUTABLE PARALLEL SAFE;\n"
        << "COMMENT ON FUNCTION " << name << "(" << types << ") IS "
        << quoted(std::string(info.summary) + " (" + form.how + "): " + std::string(info.formula)) << ";\n";
}

std::string parameters_json(const Info& info) {
    return "[" +
           joined(info.params, ", ",
                  [](const Param& param) {
                      std::string json = "{\"name\": \"" + std::string(param.name) + "\", \"type\": \"" +
                                         type_of(param) + "\", \"default\": " + fallback_of(param, "\"");
                      if (param.average)
                          json += ", \"choices\": {" +
                                  joined(average_names, ", ",
                                         [](const AverageName& average) {
                                             return "\"" + std::to_string(static_cast<int>(average.kind)) + "\": \"" +
                                                    std::string(average.name) + "\"";
                                         }) +
                                  "}";
                      else if (param.choices.size() > 0)
                          json += ", \"choices\": [" +
                                  joined(param.choices, ", ",
                                         [](std::string_view choice) { return "\"" + std::string(choice) + "\""; }) +
                                  "]";
                      else
                          json += ", \"lowest\": " + number(param.lowest) + ", \"highest\": " + number(param.highest);
                      return json + "}";
                  }) +
           "]";
}

template <class List, class Text>
std::string array_literal(const List& list, const Text& text) {
    return quoted("{" + joined(list, ",", text) + "}");
}

std::string bound(double value) { return std::isfinite(value) ? number(value) : "NULL"; }

void declare_view(std::ostream& out) {
    out << "CREATE VIEW ta.indicator_catalog (name, family, inputs, parameters, outputs, first_valid, gap_rule, "
           "formula, source, summary, deviation, undefined, units, lowest, highest) AS\n"
        << "VALUES\n";
    const auto row = [](const Entry& entry) {
        const Info& info = *entry.info;
        return "    (" + quoted(info.name) + "::text, " + quoted(info.family) + "::text, " +
               array_literal(info.inputs, as_is) + "::text[], " + quoted(parameters_json(info)) + "::jsonb, " +
               array_literal(info.outputs, name_of) + "::text[], " + std::to_string(entry.lookback(defaults(info))) +
               "::integer, " + quoted(info.gap_rule) + "::text,\n     " + quoted(info.formula) + "::text, " +
               quoted(info.source) + "::text, " + quoted(info.summary) + "::text, " + quoted_or_null(info.deviation) +
               "::text, " + quoted_or_null(info.undefined) + "::text, " +
               array_literal(info.outputs, [](const Output& o) { return "\"" + std::string(o.unit.name) + "\""; }) +
               "::text[], " + array_literal(info.outputs, [](const Output& o) { return bound(o.lowest); }) +
               "::float8[], " + array_literal(info.outputs, [](const Output& o) { return bound(o.highest); }) +
               "::float8[])";
    };
    out << joined(catalogue(), ",\n", row) << ";\n"
        << R"(COMMENT ON VIEW ta.indicator_catalog IS 'every indicator of schema ta: formula, seed, defaults';
COMMENT ON COLUMN ta.indicator_catalog.name IS 'of the functions ta.name';
COMMENT ON COLUMN ta.indicator_catalog.family IS 'group of like indicators, as TA-Lib has them';
COMMENT ON COLUMN ta.indicator_catalog.inputs IS 'series the functions take first; price is any series';
COMMENT ON COLUMN ta.indicator_catalog.parameters IS 'in order: name, type, default, lowest and highest or the choices';
COMMENT ON COLUMN ta.indicator_catalog.outputs IS 'columns of the result; a single one is returned bare';
COMMENT ON COLUMN ta.indicator_catalog.first_valid IS 'with the defaults: bars without a gap before the first value';
COMMENT ON COLUMN ta.indicator_catalog.gap_rule IS 'what a missing input does';
COMMENT ON COLUMN ta.indicator_catalog.formula IS 'with the seed';
COMMENT ON COLUMN ta.indicator_catalog.source IS 'whose values the defaults give';
COMMENT ON COLUMN ta.indicator_catalog.summary IS 'in a few words';
COMMENT ON COLUMN ta.indicator_catalog.deviation IS 'where the values differ from the source on series without gaps; NULL: nowhere';
COMMENT ON COLUMN ta.indicator_catalog.undefined IS 'where there is no value after the warm-up; NULL: nowhere';
COMMENT ON COLUMN ta.indicator_catalog.units IS 'of the outputs, in their order; price is the unit of the input series';
COMMENT ON COLUMN ta.indicator_catalog.lowest IS 'lower bounds of the outputs on valid bars, with the default profile and averages; NULL: none';
COMMENT ON COLUMN ta.indicator_catalog.highest IS 'upper bounds of the outputs, likewise';
)";
}

void print_sql(std::ostream& out) {
    out << "-- Indicators; generated from src/indicators/CMakeLists.txt.\n\n";
    for (const Entry& entry : catalogue())
        for (const Form& form : forms) {
            if (entry.info->outputs.size() > 1) declare_type(out, *entry.info, form);
            declare_function(out, *entry.info, form);
            out << "\n";
        }
    declare_view(out);
}

// A `|` inside a table cell would end it.
std::string cell(std::string_view text) {
    std::string result;
    for (const char c : text) result += c == '|' ? "\\|" : std::string(1, c);
    return result;
}

void print_table(std::ostream& out) {
    out << "| function | gives | first value | formula and seed | source |\n|---|---|---|---|---|\n";
    for (const Entry& entry : catalogue()) {
        const Info& info = *entry.info;
        out << "| [`" << call_of(info) << "`](indicators/" << page_of(info) << ".md#ta" << info.name << ") | "
            << cell(info.summary) << (info.outputs.size() > 1 ? ": `" + joined(info.outputs, ", ", name_of) + "`" : "")
            << " | " << entry.lookback(defaults(info)) << " | " << cell(info.formula) << " | " << cell(info.source)
            << (info.deviation.empty() ? "" : "; " + cell(info.deviation))
            << (info.undefined.empty() ? "" : "; NULL " + cell(info.undefined)) << " |\n";
    }
}

}  // namespace
}  // namespace bourse::indicators

int main(int argc, char** argv) {
    const std::string what = argc == 2 ? argv[1] : "";
    std::ostringstream text;
    if (what == "sql")
        bourse::indicators::print_sql(text);
    else if (what == "table")
        bourse::indicators::print_table(text);
    else
        return std::fputs("usage: sqlgen sql|table\n", stderr), 2;
    std::cout << text.str() << std::flush;
    return std::cout ? 0 : 1;
}
