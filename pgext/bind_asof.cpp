// bourse.asof_join as a function; where it stands in FROM, asof_scan.cpp reads it without a copy of its rows.
#include "pgext/arguments.hpp"
#include "pgext/asof_rows.hpp"
#include "pgext/spi_source.hpp"

extern "C" {
#include "utils/tuplestore.h"
}

namespace bourse::pg {
namespace {

// A thousand rows; false: there are no more among those read so far.
bool put_some(AsofRows& from, const ReturnSetInfo& to) {
    return pg_call([&] {
        Datum values[asof_columns];
        bool nulls[asof_columns];
        for (int i = 0; i < 1024; ++i) {
            if (!from.next(values, nulls)) return false;
            tuplestore_putvalues(to.setResult, to.setDesc, values, nulls);
        }
        CHECK_FOR_INTERRUPTS();
        return true;
    });
}

void put_all(AsofRows& from, const ReturnSetInfo& to) {
    for (;;) {
        while (put_some(from, to)) {
        }
        if (from.is_complete()) return;
        from.read_more();
    }
}

// asof_join(spine, feature_set, symbol_column, ts_column, known_at, tolerance)
Datum asof_join(FunctionCallInfo fcinfo) {
    const AsofRequest request = asof_request(fcinfo, get_fn_expr_argtype(fcinfo->flinfo, 0));
    Rows rows(fcinfo);
    SpiScope spi;
    if (const auto in_memory = AsofRows::read(request, true)) {
        put_all(*in_memory, *reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo));
        return static_cast<Datum>(0);
    }
    merge_asof(request, [&](const Datum* values, const bool* nulls) {
        rows.add([&](Datum* to, bool* to_nulls) {
            std::copy_n(values, asof_columns, to);
            std::copy_n(nulls, asof_columns, to_nulls);
        });
    });
    return static_cast<Datum>(0);
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_asof_join, asof_join);

}  // namespace bourse::pg
