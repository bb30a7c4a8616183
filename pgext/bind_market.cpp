// bourse.bar_rule: the rules of src/market for the set-based load path. bourse.to_symbol: styles of codes.
#include "market/bar_rule.hpp"
#include "market/code_style.hpp"
#include "pgext/boundary.hpp"

namespace bourse::pg {
namespace {

std::optional<std::int64_t> time_argument(FunctionCallInfo fcinfo, int n) {
    if (PG_ARGISNULL(n)) return std::nullopt;
    const TimestampTz value = PG_GETARG_TIMESTAMPTZ(n);
    if (TIMESTAMP_IS_NOEND(value)) return market::time_infinity;
    if (TIMESTAMP_IS_NOBEGIN(value)) return market::time_minus_infinity;
    return value + epoch_2000_us;
}

market::Number number_argument(FunctionCallInfo fcinfo, int n) {
    if (PG_ARGISNULL(n)) return {};
    return {PG_GETARG_FLOAT8(n), true};
}

std::string_view text_argument(FunctionCallInfo fcinfo, int n) {
    if (PG_ARGISNULL(n)) return {};
    const Datum datum = PG_GETARG_DATUM(n);
    const text* value = pg_call([datum] { return DatumGetTextPP(datum); });
    return {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};
}

Datum bar_rule(FunctionCallInfo fcinfo) {
    market::RawBar row;
    row.symbol = text_argument(fcinfo, 0);
    row.freq = text_argument(fcinfo, 1);
    row.ts = time_argument(fcinfo, 2);
    row.open = number_argument(fcinfo, 3);
    row.high = number_argument(fcinfo, 4);
    row.low = number_argument(fcinfo, 5);
    row.close = number_argument(fcinfo, 6);
    row.volume = number_argument(fcinfo, 7);
    row.amount = number_argument(fcinfo, 8);
    row.adj_factor = number_argument(fcinfo, 9);
    row.known_at = time_argument(fcinfo, 10);
    const auto now = time_argument(fcinfo, 11);
    if (!now) throw Error(ErrorKind::invalid_argument, "now_at is NULL");
    if (!PG_ARGISNULL(12)) row.on_session_grid = PG_GETARG_BOOL(12);
    const std::string_view rule = market::broken_rule(row, *now);
    if (rule.empty()) PG_RETURN_NULL();
    return PointerGetDatum(
        pg_call([rule] { return cstring_to_text_with_len(rule.data(), static_cast<int>(rule.size())); }));
}

Datum to_symbol(FunctionCallInfo fcinfo) {
    const std::string symbol =
        market::to_symbol(text_argument(fcinfo, 0), market::parse_code_style(text_argument(fcinfo, 1)));
    const char* text = symbol.data();
    const auto size = static_cast<int>(symbol.size());
    return PointerGetDatum(pg_call([=] { return cstring_to_text_with_len(text, size); }));
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_bar_rule, bar_rule);
BOURSE_PG_FUNCTION(bourse_to_symbol, to_symbol);

}  // namespace bourse::pg
