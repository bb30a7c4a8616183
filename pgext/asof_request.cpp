#include "pgext/asof_request.hpp"

#include "core/nearest.hpp"
#include "datasets/asof.hpp"
#include "pgext/arguments.hpp"
#include "pgext/spi_source.hpp"

extern "C" {
#include "access/relation.h"
}

namespace bourse::pg {
namespace {

std::string quoted(const std::string& name) {
    const char* text = name.c_str();
    return pg_call([=] { return quote_identifier(text); });
}

// The table behind the type of the first argument.
struct Spine {
    Oid relation = InvalidOid;
    std::string name;  // quoted, with its schema
    std::vector<std::string> columns;

    // A column, quoted.
    std::string column(const std::string& wanted, const char* argument) const {
        if (std::find(columns.begin(), columns.end(), wanted) != columns.end()) return quoted(wanted);
        const auto near = nearest(wanted, columns);
        throw Error(ErrorKind::invalid_argument,
                    std::string(argument) + ": " + name + " has no column \"" + wanted + "\"",
                    near.empty() ? "name the column that holds it" : "did you mean \"" + near + "\"?");
    }
    // One that can be read as a time.
    std::string time_column(const std::string& wanted, const char* argument) const {
        std::string result = column(wanted, argument);
        const char* text = wanted.c_str();
        const Oid table = relation;
        Oid type = pg_call([=] { return get_atttype(table, get_attnum(table, text)); });
        const bool is_time = pg_call([&] {
            const Oid time = TIMESTAMPTZOID;
            return can_coerce_type(1, &type, &time, COERCION_EXPLICIT);
        });
        if (is_time) return result;
        const char* type_name = pg_call([=] { return format_type_be(type); });
        throw Error(ErrorKind::invalid_argument,
                    std::string(argument) + ": " + name + "." + result + " is " + type_name + ", not a time",
                    "name a column of type timestamptz");
    }
};

Spine spine_of(Oid type) {
    const Oid relation = pg_call([=] { return OidIsValid(type) ? get_typ_typrelid(type) : InvalidOid; });
    const char kind = OidIsValid(relation) ? pg_call([=] { return get_rel_relkind(relation); }) : '\0';
    if (kind != RELKIND_RELATION && kind != RELKIND_VIEW && kind != RELKIND_MATVIEW &&
        kind != RELKIND_PARTITIONED_TABLE && kind != RELKIND_FOREIGN_TABLE)
        throw Error(ErrorKind::invalid_argument, "spine must be a row of a table or view",
                    "write asof_join(NULL::my_table, 'alpha158')");
    Spine spine;
    spine.relation = relation;
    spine.name = pg_call([=] {
        return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)), get_rel_name(relation));
    });
    const int count = pg_call([=] {
        Relation open = relation_open(relation, AccessShareLock);
        const int columns = RelationGetNumberOfAttributes(open);
        relation_close(open, AccessShareLock);
        return columns;
    });
    for (int i = 1; i <= count; ++i) {
        const char* column = pg_call([=] { return get_attname(relation, static_cast<AttrNumber>(i), true); });
        if (column) spine.columns.emplace_back(column);
    }
    return spine;
}

std::string name_arg(FunctionCallInfo fcinfo, int n, const char* what) {
    if (PG_ARGISNULL(n)) throw Error(ErrorKind::invalid_argument, std::string(what) + " must not be NULL");
    return NameStr(*PG_GETARG_NAME(n));
}

std::uint64_t tolerance_arg(FunctionCallInfo fcinfo, int n) {
    if (PG_ARGISNULL(n)) return datasets::AsofMerge::for_ever;
    const Interval* interval = PG_GETARG_INTERVAL_P(n);
    const double us = static_cast<double>(interval->time) + interval->day * static_cast<double>(USECS_PER_DAY) +
                      interval->month * (30.0 * static_cast<double>(USECS_PER_DAY));
    if (us < 0 || us > 9e18)
        throw Error(ErrorKind::invalid_argument, "tolerance must be from 0 to about 290000 years",
                    "a row counts for so long after its available_at");
    return static_cast<std::uint64_t>(us);
}

}  // namespace

AsofRequest asof_request(FunctionCallInfo fcinfo, Oid spine_type) {
    const Spine spine = spine_of(spine_type);
    AsofRequest request{};
    request.spine = spine.name;
    request.feature_set = sql_literal(text_arg(fcinfo, 1, "feature_set"));
    const auto symbol = name_arg(fcinfo, 2, "symbol_column"), ts = name_arg(fcinfo, 3, "ts_column");
    request.symbol_column = spine.column(symbol, "symbol_column");
    request.ts_column = spine.time_column(ts, "ts_column");
    request.known_at = {PG_ARGISNULL(4) ? 0 : PG_GETARG_DATUM(4), PG_ARGISNULL(4)};
    request.tolerance_us = tolerance_arg(fcinfo, 5);
    return request;
}

std::string AsofRequest::spine_query(bool with_row) const {
    return "SELECT t." + symbol_column + "::text, t." + ts_column + "::timestamptz" +
           (with_row ? ", (t.*)::" + spine : "") + " FROM " + spine + " AS t";
}

std::string AsofRequest::ordered_spine_query() const {
    return "SELECT i.instrument_id, t." + ts_column + "::timestamptz, (t.*)::" + spine + " FROM " + spine +
           " AS t LEFT JOIN bourse.instrument AS i ON i.symbol = t." + symbol_column + "::text ORDER BY 1, 2";
}

AsofSeries::AsofSeries(const AsofRequest& request) {
    std::string stored;
    spi_rows("SELECT s.feature_set_id::text FROM bourse.find_feature_set(" + request.feature_set +
                 ") AS s WHERE s.materialized",
             [&](const SpiRow& row) { stored = row.text(1); });
    if (!stored.empty() && request.known_at.isnull) {
        text_ =
            "SELECT v.instrument_id, v.available_at, v.ts, v.features FROM bourse.feature_value AS v "
            "WHERE v.feature_set_id = " +
            stored;
        stored_ = true;
        instrument_ = "v.instrument_id";
        order_ = " ORDER BY v.instrument_id, v.available_at, v.ts";
        return;
    }
    text_ =
        "SELECT i.instrument_id, r.available_at, r.ts, r.features FROM bourse.feature_rows(" + request.feature_set +
        ", known_at => $1) AS r JOIN bourse.instrument AS i ON i.symbol = r.symbol WHERE r.available_at IS NOT NULL";
    instrument_ = "i.instrument_id";
    order_ = " ORDER BY i.instrument_id, r.available_at, r.ts";
}

std::string AsofSeries::query(const std::vector<std::int32_t>& instruments) const {
    if (instruments.empty()) return text_;
    std::string text = text_ + " AND " + instrument_ + " = ANY('{";
    for (const auto instrument : instruments) text += std::to_string(instrument) + ",";
    text.back() = '}';
    return text + "'::int[])";
}

std::string AsofSeries::query(std::int32_t first, std::int32_t last) const {
    return text_ + " AND " + instrument_ + " BETWEEN " + std::to_string(first) + " AND " + std::to_string(last);
}

std::string AsofSeries::ordered_query() const { return text_ + order_; }

}  // namespace bourse::pg
