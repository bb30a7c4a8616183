// Cron expressions in the server's own time zones: bourse.read_schedule_spec, bourse.cron_slots.
#include "pgext/boundary.hpp"
#include "schedule/slots.hpp"
#include "schedule/spec.hpp"

extern "C" {
#include "utils/jsonb.h"
}

namespace bourse::pg {
namespace {

constexpr std::int64_t epoch_2000_s = 946684800, second_us = 1'000'000;
constexpr std::int64_t first_year_s = -62135596800, last_year_s = 253402300800;  // years 1 to 9999
constexpr int most_slots = 1'000'000;

class ServerZone final : public schedule::Zone {
public:
    // Errors: invalid_argument for a name that the server does not know. What it would read as a POSIX rule ("UTC+8",
    // which means west) is refused too.
    explicit ServerZone(const char* name) {
        const std::string_view text(name);
        const auto digit = text.find_first_of("0123456789+-:,<");
        const bool rule = digit != std::string_view::npos && text.find('/') == std::string_view::npos &&
                          text != "EST5EDT" && text != "CST6CDT" && text != "MST7MDT" && text != "PST8PDT";
        zone_ = rule ? nullptr : pg_call([=] { return pg_tzset(name); });
        if (zone_ == nullptr)
            throw Error(ErrorKind::invalid_argument, "unknown time zone \"" + std::string(text.substr(0, 80)) + "\"",
                        "names are like UTC, Asia/Shanghai, America/New_York: SELECT name FROM pg_timezone_names");
    }
    std::int64_t offset_s(std::int64_t utc_s) const override { return look(utc_s).before; }
    std::optional<Change> next_change(std::int64_t utc_s) const override {
        const Look found = look(utc_s);
        if (!found.changes) return std::nullopt;
        return Change{found.boundary, found.after};
    }

private:
    struct Look {
        bool changes;
        long before, after;
        pg_time_t boundary;
    };
    Look look(std::int64_t utc_s) const {
        const pg_time_t at = utc_s;
        Look found{};
        int before_dst = 0, after_dst = 0;
        const int code =
            pg_next_dst_boundary(&at, &found.before, &before_dst, &found.boundary, &found.after, &after_dst, zone_);
        if (code < 0) throw Error(ErrorKind::internal, "the time zone has no rule for this time");
        found.changes = code > 0;
        return found;
    }

    const pg_tz* zone_;
};

std::string text_arg(FunctionCallInfo fcinfo, int n) {
    const Datum datum = PG_GETARG_DATUM(n);
    return pg_call([&] { return text_to_cstring(DatumGetTextPP(datum)); });
}

// Whole seconds since 1970 UTC, rounded down; infinity is the end of the accepted years.
std::int64_t second_of(TimestampTz at) {
    if (TIMESTAMP_IS_NOBEGIN(at)) return first_year_s;
    if (TIMESTAMP_IS_NOEND(at)) return last_year_s;
    std::int64_t second = at / second_us;
    if (at % second_us < 0) --second;
    return std::clamp(second + epoch_2000_s, first_year_s, last_year_s);
}

// {"type": "cron"} or {"type": "session", "event": "close", "offset_s": 900}
Datum read_schedule_spec(FunctionCallInfo fcinfo) {
    const auto spec = schedule::parse_spec(text_arg(fcinfo, 0));
    std::string json = R"({"type": "cron"})";
    if (const auto* rule = std::get_if<schedule::SessionRule>(&spec))
        json = std::string(R"({"type": "session", "event": ")") + name_of(rule->event) + R"(", "offset_s": )" +
               std::to_string(rule->offset_s) + "}";
    const char* bytes = json.c_str();
    return pg_call([&] { return DirectFunctionCall1(jsonb_in, CStringGetDatum(bytes)); });
}

Datum cron_slots(FunctionCallInfo fcinfo) {
    const auto cron = schedule::parse_cron(text_arg(fcinfo, 0));
    const ServerZone zone(text_arg(fcinfo, 1).c_str());
    const std::int64_t until = second_of(PG_GETARG_TIMESTAMPTZ(3));
    const int most = PG_GETARG_INT32(4);
    if (most < 1 || most > most_slots)
        throw Error(ErrorKind::invalid_argument,
                    "most " + std::to_string(most) + " is outside 1 to " + std::to_string(most_slots));
    std::vector<Datum> slots;
    const auto interrupts = check_interrupts();
    std::int64_t at = second_of(PG_GETARG_TIMESTAMPTZ(2));
    while (static_cast<int>(slots.size()) < most) {
        const auto next = next_slot(cron, zone, at);
        if (!next || *next > until) break;
        at = *next;
        slots.push_back(TimestampTzGetDatum((at - epoch_2000_s) * second_us));
        if (slots.size() % 1024 == 0) check(interrupts);
    }
    Datum* data = slots.data();
    const int count = static_cast<int>(slots.size());
    return PointerGetDatum(
        pg_call([=] { return construct_array(data, count, TIMESTAMPTZOID, 8, true, TYPALIGN_DOUBLE); }));
}

// True, or the error.
Datum check_time_zone(FunctionCallInfo fcinfo) {
    const ServerZone zone(text_arg(fcinfo, 0).c_str());
    return BoolGetDatum(true);
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_read_schedule_spec, read_schedule_spec);
BOURSE_PG_FUNCTION(bourse_cron_slots, cron_slots);
BOURSE_PG_FUNCTION(bourse_check_time_zone, check_time_zone);

}  // namespace bourse::pg
