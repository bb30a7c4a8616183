#include "pgext/arguments.hpp"

#include "core/error.hpp"
#include "factors/market_source.hpp"

namespace bourse::pg {

using factors::beginning_us;
using factors::end_of_time_us;

std::string text_arg(FunctionCallInfo fcinfo, int n, const char* name) {
    if (PG_ARGISNULL(n)) throw Error(ErrorKind::invalid_argument, std::string(name) + " must not be NULL");
    const Datum datum = PG_GETARG_DATUM(n);
    return pg_call([&] { return text_to_cstring(DatumGetTextPP(datum)); });
}

std::vector<std::string> texts_arg(FunctionCallInfo fcinfo, int n, const char* name) {
    if (PG_ARGISNULL(n)) throw Error(ErrorKind::invalid_argument, std::string(name) + " must not be NULL");
    const Datum datum = PG_GETARG_DATUM(n);
    struct Parts {
        Datum* items;
        bool* nulls;
        int count;
    };
    const Parts parts = pg_call([&] {
        Parts p{};
        deconstruct_array(DatumGetArrayTypeP(datum), TEXTOID, -1, false, TYPALIGN_INT, &p.items, &p.nulls, &p.count);
        return p;
    });
    std::vector<std::string> result;
    for (int i = 0; i < parts.count; ++i) {
        if (parts.nulls[i]) throw Error(ErrorKind::invalid_argument, std::string(name) + " must not hold NULL");
        result.emplace_back(pg_call([&] { return text_to_cstring(DatumGetTextPP(parts.items[i])); }));
    }
    return result;
}

std::int64_t time_arg(FunctionCallInfo fcinfo, int n, std::int64_t missing) {
    if (PG_ARGISNULL(n)) return missing;
    const TimestampTz ts = PG_GETARG_TIMESTAMPTZ(n);
    if (ts <= beginning_us) return beginning_us;
    if (ts >= end_of_time_us) return end_of_time_us;
    return ts + epoch_2000_us;
}

std::string time_text_arg(FunctionCallInfo fcinfo, int n) {
    if (PG_ARGISNULL(n)) return {};
    const Datum time = PG_GETARG_DATUM(n);
    return pg_call([=] { return DatumGetCString(DirectFunctionCall1(timestamptz_out, time)); });
}

Datum time_datum(std::int64_t unix_us) { return TimestampTzGetDatum(unix_us - epoch_2000_us); }

Datum text_datum(const std::string& text) {
    const char* from = text.c_str();
    return pg_call([&] { return CStringGetTextDatum(from); });
}

Datum bytes_datum(std::span<const std::byte> bytes) {
    const std::size_t size = bytes.size();
    bytea* value = pg_call([=] {
        auto* made = static_cast<bytea*>(palloc(VARHDRSZ + size));
        SET_VARSIZE(made, VARHDRSZ + size);
        return made;
    });
    std::memcpy(VARDATA(value), bytes.data(), size);
    return PointerGetDatum(value);
}

Datum text_array(const std::vector<std::string>& texts) {
    std::vector<Datum> items;
    for (const auto& text : texts) items.push_back(text_datum(text));
    Datum* from = items.data();
    const int count = static_cast<int>(items.size());
    return pg_call([&] { return PointerGetDatum(construct_array(from, count, TEXTOID, -1, false, TYPALIGN_INT)); });
}

Datum int_array(const std::vector<std::int32_t>& values) {
    std::vector<Datum> items;
    for (const auto value : values) items.push_back(Int32GetDatum(value));
    Datum* from = items.data();
    const int count = static_cast<int>(items.size());
    return pg_call([&] { return PointerGetDatum(construct_array(from, count, INT4OID, 4, true, TYPALIGN_INT)); });
}

}  // namespace bourse::pg
