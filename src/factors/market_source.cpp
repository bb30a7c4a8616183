#include "factors/market_source.hpp"

#include <cmath>
#include <cstdio>

#include "core/error.hpp"

namespace bourse::factors {
namespace {

template <class T, class Get>
std::string array_literal(std::span<const T> items, const char* type, Get get) {
    std::string text = "'{";
    for (const auto& item : items) text += (text.size() > 2 ? "," : "") + std::to_string(get(item));
    return text + "}'::" + type + "[]";
}

}  // namespace

std::string span_arguments(std::span<const Span> spans) {
    return array_literal(spans, "int", [](const Span& s) { return s.instrument_id; }) + ", " +
           array_literal(spans, "bigint", [](const Span& s) { return s.from_us; }) + ", " +
           array_literal(spans, "bigint", [](const Span& s) { return s.to_us; });
}

std::string id_argument(std::span<const std::int32_t> ids) {
    return ids.empty() ? "NULL::int[]" : array_literal(ids, "int", [](std::int32_t id) { return id; });
}

std::string field_argument(std::span<const std::string> fields) {
    std::string text = "ARRAY[";
    for (const auto& field : fields) text += (text.back() == '[' ? "'" : ",'") + field + "'";
    return text + "]";
}

std::string call_query(const std::string& function, std::span<const std::span<const double>> columns,
                       std::span<const double> params) {
    std::string text = "SELECT u.v FROM unnest(" + function + "(";
    char number[40];
    const auto add = [&](double value) {
        std::snprintf(number, sizeof number, "%.17g", value);
        text += std::isnan(value) ? "NULL" : std::isinf(value) ? (value > 0 ? "Infinity" : "-Infinity") : number;
    };
    bool first = true;
    for (const auto& column : columns) {
        text += first ? "'{" : ", '{";
        first = false;
        for (std::size_t i = 0; i < column.size(); ++i) {
            if (i > 0) text += ',';
            add(column[i]);
        }
        text += "}'::float8[]";
    }
    for (const double p : params) {
        text += ", '";
        add(p);
        text += "'::float8";
    }
    return text + ")) WITH ORDINALITY AS u(v, n) ORDER BY u.n";
}

void check_length(const std::string& function, std::size_t rows, std::size_t expected) {
    if (rows == expected) return;
    throw Error(ErrorKind::invalid_argument,
                "function " + function + " returned " + std::to_string(rows) + " values for " +
                    std::to_string(expected) + " rows",
                "an operator's function returns one value a row, in their order");
}

Calendar read_calendar(MarketSource& source, const Frequency& frequency, const std::string& name, std::int64_t first_us,
                       std::int64_t last_us) {
    std::vector<Session> sessions;
    std::vector<std::int64_t> times;
    if (name != "24x7") {
        if (!name.empty()) sessions = source.sessions(name);
        if (sessions.empty() || first_us < sessions.front().date_us || last_us > sessions.back().close_us)
            times = source.times(frequency.name, name);
    }
    return Calendar(name, frequency, sessions, times);
}

}  // namespace bourse::factors
