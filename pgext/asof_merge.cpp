#include <limits>

#include "datasets/asof.hpp"
#include "pgext/asof_rows.hpp"

extern "C" {
#include "utils/datum.h"
#include "utils/portal.h"
}

namespace bourse::pg {
namespace {

using datasets::AsofKey;
using datasets::AsofMerge;

constexpr long batch = 2048;

// A query read row by row; the row stays until the next one.
class RowReader {
public:
    // $1 of the query, if it names it, is this time.
    RowReader(const std::string& query, NullableDatum known_at) {
        const char* text = query.c_str();
        portal_ = pg_call([=] {
            Oid type = TIMESTAMPTZOID;
            Datum value = known_at.value;
            const char null = known_at.isnull ? 'n' : ' ';
            return SPI_cursor_open_with_args(nullptr, text, 1, &type, &value, &null, true, 0);
        });
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
    // Else the cursor would hold its tables until the transaction ends; an error leaves that to the server.
    void close() {
        Portal portal = portal_;
        pg_call([=] { SPI_cursor_close(portal); });
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

}  // namespace

void merge_asof(const AsofRequest& request, const std::function<void(const Datum*, const bool*)>& take) {
    AsofMerge merge(request.tolerance_us);
    const auto interrupts = check_interrupts();
    RowReader series(AsofSeries(request).ordered_query(), request.known_at);
    RowReader asked(request.ordered_spine_query(), request.known_at);
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
        const bool missing = !complete || !merge.matches(key);
        const Datum values[asof_columns] = {asked.value(3, is_null), kept.newest().ts, kept.newest().available_at,
                                            kept.newest().features};
        const bool nulls[asof_columns] = {false, missing, missing, missing};
        take(values, nulls);
    }
    asked.close();
    series.close();
}

}  // namespace bourse::pg
