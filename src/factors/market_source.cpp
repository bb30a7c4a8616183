#include "factors/market_source.hpp"

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
