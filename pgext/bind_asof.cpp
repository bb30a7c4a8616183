// bourse.asof_join: two cursors in the order of (instrument, time), merged in one pass; memory is two rows.
#include <limits>

#include "core/nearest.hpp"
#include "datasets/asof.hpp"
#include "pgext/arguments.hpp"
#include "pgext/spi_source.hpp"

extern "C" {
#include "access/relation.h"
#include "catalog/namespace.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/portal.h"
#include "utils/rel.h"
#include "utils/timestamp.h"
}

namespace bourse::pg {
namespace {

using datasets::AsofKey;
using datasets::AsofMerge;

constexpr long batch = 2048;

// A query read row by row; the row stays until the next one.
class RowReader {
public:
    explicit RowReader(const std::string& query) {
        const char* text = query.c_str();
        portal_ =
            pg_call([=] { return SPI_cursor_open_with_args(nullptr, text, 0, nullptr, nullptr, nullptr, true, 0); });
    }
    bool next() {
        if (++at_ < count_) return true;
        Portal portal = portal_;
        SPITupleTable* old = table_;
        pg_call([=] {
            if (old) SPI_freetuptable(old);
            SPI_cursor_fetch(portal, true, batch);
        });
        table_ = SPI_tuptable;
        count_ = SPI_processed;
        at_ = 0;
        return count_ > 0;
    }
    Datum value(int column, bool& is_null) const {
        HeapTuple tuple = table_->vals[at_];
        TupleDesc shape = table_->tupdesc;
        bool* null = &is_null;
        return pg_call([=] { return SPI_getbinval(tuple, shape, column, null); });
    }

private:
    Portal portal_ = nullptr;
    SPITupleTable* table_ = nullptr;
    std::uint64_t count_ = 0, at_ = std::numeric_limits<std::uint64_t>::max() - 1;
};

std::string quoted(const std::string& name) {
    const char* text = name.c_str();
    return pg_call([=] { return quote_identifier(text); });
}

// The table behind the type of the first argument.
struct Spine {
    Oid relation = InvalidOid;
    std::string name;  // quoted, with its schema
    std::vector<std::string> columns;

    void require(const std::string& column, const char* argument) const {
        if (std::find(columns.begin(), columns.end(), column) != columns.end()) return;
        const auto near = nearest(column, columns);
        throw Error(ErrorKind::invalid_argument,
                    std::string(argument) + ": " + name + " has no column \"" + column + "\"",
                    near.empty() ? "name the column that holds it" : "did you mean \"" + near + "\"?");
    }
};

Spine spine_of(FunctionCallInfo fcinfo) {
    const Oid type = get_fn_expr_argtype(fcinfo->flinfo, 0);
    Spine spine;
    spine.relation = pg_call([=] { return OidIsValid(type) ? get_typ_typrelid(type) : InvalidOid; });
    const Oid relation = spine.relation;
    const char kind = OidIsValid(relation) ? pg_call([=] { return get_rel_relkind(relation); }) : '\0';
    if (kind != RELKIND_RELATION && kind != RELKIND_VIEW && kind != RELKIND_MATVIEW &&
        kind != RELKIND_PARTITIONED_TABLE && kind != RELKIND_FOREIGN_TABLE)
        throw Error(ErrorKind::invalid_argument, "spine must be a row of a table or view",
                    "write asof_join(NULL::my_table, 'alpha158')");
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

std::int64_t tolerance_arg(FunctionCallInfo fcinfo, int n) {
    if (PG_ARGISNULL(n)) return std::numeric_limits<std::int64_t>::max();
    const Interval* interval = PG_GETARG_INTERVAL_P(n);
    const double us = static_cast<double>(interval->time) + interval->day * static_cast<double>(USECS_PER_DAY) +
                      interval->month * (30.0 * static_cast<double>(USECS_PER_DAY));
    if (us < 0 || us > 9e18)
        throw Error(ErrorKind::invalid_argument, "tolerance must be from 0 to about 290000 years",
                    "a row counts for so long after its available_at");
    return static_cast<std::int64_t>(us);
}

std::string timestamp_text(FunctionCallInfo fcinfo, int n) {
    if (PG_ARGISNULL(n)) return {};
    const Datum value = PG_GETARG_DATUM(n);
    return pg_call([=] { return DatumGetCString(DirectFunctionCall1(timestamptz_out, value)); });
}

// Rows of the set in the order of the merge: instrument, available_at, ts, features.
std::string series_query(const std::string& feature_set, const std::string& known_at) {
    std::string stored;
    spi_rows("SELECT s.feature_set_id::text FROM bourse.find_feature_set(" + sql_literal(feature_set) +
                 ") AS s WHERE s.materialized",
             [&](const SpiRow& row) { stored = row.text(1); });
    if (!stored.empty() && known_at.empty())
        return "SELECT v.instrument_id, v.available_at, v.ts, v.features FROM bourse.feature_value AS v WHERE "
               "v.feature_set_id = " +
               stored + " ORDER BY v.instrument_id, v.available_at, v.ts";
    return "SELECT i.instrument_id, r.available_at, r.ts, r.features FROM bourse.feature_rows(" +
           sql_literal(feature_set) +
           (known_at.empty() ? std::string() : ", known_at => timestamptz " + sql_literal(known_at)) +
           ") AS r JOIN bourse.instrument AS i ON i.symbol = r.symbol ORDER BY 1, 2, 3";
}

// The row of the series that waits and the newest one before it, kept beside the cursor's own memory.
class Kept {
public:
    Kept() {
        for (MemoryContext& context : contexts_)
            context = pg_call(
                [] { return AllocSetContextCreate(CurrentMemoryContext, "bourse as-of row", ALLOCSET_DEFAULT_SIZES); });
    }
    // A copy of the row that a reader stands on waits; what waited is the newest.
    void take(const RowReader& reader) {
        shift();
        bool is_null = false;
        Row& row = rows_[1];
        row.available_at = reader.value(2, is_null);
        row.ts = reader.value(3, is_null);
        const Datum features = reader.value(4, is_null);
        MemoryContext context = contexts_[1];
        row.features = pg_call([=] {
            MemoryContext old = MemoryContextSwitchTo(context);
            const Datum copy = datumCopy(features, false, -1);
            MemoryContextSwitchTo(old);
            return copy;
        });
    }
    void shift() {
        std::swap(contexts_[0], contexts_[1]);
        std::swap(rows_[0], rows_[1]);
        MemoryContext context = contexts_[1];
        pg_call([=] { MemoryContextReset(context); });
    }
    struct Row {
        Datum available_at = 0, ts = 0, features = 0;
    };
    const Row& newest() const { return rows_[0]; }

private:
    MemoryContext contexts_[2] = {};
    Row rows_[2];
};

// asof_join(spine, feature_set, symbol_column, ts_column, known_at, tolerance)
Datum asof_join(FunctionCallInfo fcinfo) {
    const Spine spine = spine_of(fcinfo);
    const auto feature_set = text_arg(fcinfo, 1, "feature_set");
    const auto symbol = name_arg(fcinfo, 2, "symbol_column"), ts = name_arg(fcinfo, 3, "ts_column");
    spine.require(symbol, "symbol_column");
    spine.require(ts, "ts_column");
    AsofMerge merge(tolerance_arg(fcinfo, 5));
    const auto known_at = timestamp_text(fcinfo, 4);
    const auto interrupts = check_interrupts();
    Rows rows(fcinfo);
    SpiScope spi;
    RowReader series(series_query(feature_set, known_at));
    RowReader asked("SELECT i.instrument_id, t." + quoted(ts) + "::timestamptz, t FROM " + spine.name +
                    " AS t LEFT JOIN bourse.instrument AS i ON i.symbol = t." + quoted(symbol) +
                    "::text ORDER BY 1, 2");
    Kept kept;
    for (std::size_t n = 0; asked.next(); ++n) {
        if (n % 1024 == 0) check(interrupts);
        bool no_instrument = false, no_time = false, is_null = false;
        const AsofKey key{DatumGetInt32(asked.value(1, no_instrument)), DatumGetInt64(asked.value(2, no_time))};
        const bool complete = !no_instrument && !no_time;
        for (std::size_t steps = 1; complete && merge.wants_row(key); ++steps) {
            if (steps % 4096 == 0) check(interrupts);
            if (series.next()) {
                const AsofKey row{DatumGetInt32(series.value(1, is_null)), DatumGetInt64(series.value(2, is_null))};
                kept.take(series);
                merge.next(row);
            } else {
                kept.shift();
                merge.end();
            }
        }
        const bool found = complete && merge.matches(key);
        const Datum whole = asked.value(3, is_null);
        rows.add([&](Datum* values, bool* nulls) {
            values[0] = whole;
            nulls[1] = nulls[2] = nulls[3] = !found;
            if (!found) return;
            values[1] = kept.newest().ts;
            values[2] = kept.newest().available_at;
            values[3] = kept.newest().features;
        });
    }
    return static_cast<Datum>(0);
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_asof_join, asof_join);

}  // namespace bourse::pg
