// Bars of panels as bytes, for the workers: as columns each side would spend several times what reading the bars costs.
// Their times, and the first and last of an instrument, by key.
#include <limits>

#include "core/error.hpp"
#include "factors/market_source.hpp"
#include "pgext/arguments.hpp"
#include "pgext/slot_rows.hpp"
#include "pgext/spi_source.hpp"
#include "pgext/pinned_dataset.hpp"

namespace bourse::pg {
namespace {

using factors::Bar;

static_assert(sizeof(Bar) == 64, "a bar travels as it lies in memory");

// The rows of panel_rows, or of a dataset's panel_rows_of; only_replaced: panel_replaced_of.
void select_bars(FunctionCallInfo fcinfo, bool only_replaced, const factors::TakeBars& take) {
    const bool of_dataset = !PG_ARGISNULL(4);
    const ParamListInfo arguments = pg_call([=] {
        static constexpr Oid types[] = {TEXTOID, INT4ARRAYOID, INT8ARRAYOID, INT8ARRAYOID, INT8OID};
        const int count = of_dataset ? 5 : 4;
        ParamListInfo list = makeParamList(count);
        for (int i = 0; i < count; ++i)
            list->params[i] = {fcinfo->args[i].value, fcinfo->args[i].isnull, PARAM_FLAG_CONST, types[i]};
        return list;
    });
    slot_rows(
        only_replaced ? "SELECT * FROM bourse.panel_replaced_of($1, $2, $3, $4, $5)"
        : of_dataset  ? "SELECT * FROM bourse.panel_rows_of($1, $2, $3, $4, $5)"
                      : "SELECT * FROM bourse.panel_rows($1, $2, $3, $4)",
        [&](const Datum* values, const bool* nulls) {
            const Bar bar = bar_of(values, nulls);
            take(DatumGetInt32(values[0]), std::span(&bar, 1));
        },
        arguments);
}

DatasetBars which_bars(FunctionCallInfo fcinfo, int dataset) {
    if (PG_ARGISNULL(dataset)) return {true, false, false, {}};
    SpiScope spi;
    return dataset_bars(PG_GETARG_INT64(dataset));
}

// Arguments 1 to 3: instrument_ids int[], from_us bigint[], to_us bigint[].
std::vector<factors::Span> spans_arg(FunctionCallInfo fcinfo) {
    const auto ids = numbers_arg<std::int32_t>(fcinfo, 1, "instrument_ids");
    const auto from = numbers_arg<std::int64_t>(fcinfo, 2, "from_us");
    const auto to = numbers_arg<std::int64_t>(fcinfo, 3, "to_us");
    std::vector<factors::Span> spans;
    for (std::size_t i = 0; i < std::min({ids.size(), from.size(), to.size()}); ++i)
        spans.push_back({ids[i], from[i], to[i]});
    return spans;
}

Datum bigint_array(const std::vector<std::int64_t>& values) {
    std::vector<Datum> items;
    for (const auto value : values) items.push_back(Int64GetDatum(value));
    Datum* from = items.data();
    const int count = static_cast<int>(items.size());
    return pg_call(
        [=] { return PointerGetDatum(construct_array(from, count, INT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE)); });
}

// panel_bars(freq text, instrument_ids int[], from_us bigint[], to_us bigint[], dataset_id bigint)
Datum panel_bars(FunctionCallInfo fcinfo) {
    constexpr std::size_t most = 1024;  // bars of a row
    Rows rows(fcinfo);
    SpiScope spi;
    std::int32_t instrument = 0;
    std::vector<Bar> bars;
    const auto write = [&] {
        if (bars.empty()) return;
        rows.add([&](Datum* values, bool*) {
            values[0] = Int32GetDatum(instrument);
            values[1] = bytes_datum(std::as_bytes(std::span<const Bar>(bars)));
        });
        rows.forget();
        bars.clear();
    };
    const auto take = [&](std::int32_t id, std::span<const Bar> some) {
        if (id != instrument || bars.size() + some.size() > most) write();
        instrument = id;
        bars.insert(bars.end(), some.begin(), some.end());
    };
    const auto which = which_bars(fcinfo, 4);
    if (auto stored = open_bars(text_arg(fcinfo, 0, "freq"), which)) {
        stored->read(spans_arg(fcinfo), take);
        stored->close();
        if (which.replaced) select_bars(fcinfo, true, take);
    } else {
        select_bars(fcinfo, false, take);
    }
    write();
    return static_cast<Datum>(0);
}

// stored_edges(freq text, instrument_ids int[])
Datum stored_edges(FunctionCallInfo fcinfo) {
    const auto freq = text_arg(fcinfo, 0, "freq");
    const auto ids = numbers_arg<std::int32_t>(fcinfo, 1, "instrument_ids");
    Rows rows(fcinfo);
    const auto add = [&](const StoredBars::Edge& edge) {
        rows.add([&](Datum* values, bool*) {
            values[0] = Int32GetDatum(edge.instrument_id);
            values[1] = Int64GetDatum(edge.first_us);
            values[2] = Int64GetDatum(edge.last_us);
        });
    };
    if (auto stored = StoredBars::open(freq)) {
        for (const auto& edge : stored->edges(ids)) add(edge);
        stored->close();
        return static_cast<Datum>(0);
    }
    SpiScope spi;
    spi_rows("SELECT * FROM bourse.selected_edges(" + sql_literal(freq) + ", " + factors::id_argument(ids) + ")",
             [&](const SpiRow& row) {
                 add({row.int4(1), row.int8(2), row.int8(3)});
             });
    return static_cast<Datum>(0);
}

// stored_times(freq text, dataset_id bigint, known_at timestamptz, from_ts timestamptz, to_ts timestamptz)
Datum stored_times(FunctionCallInfo fcinfo) {
    auto which = which_bars(fcinfo, 1);
    if (!PG_ARGISNULL(2)) {
        if (which.restricted)
            throw Error(ErrorKind::invalid_argument, "a pinned dataset has its own known_at", "give one of the two");
        which.restricted = true;
        which.readable = {time_arg(fcinfo, 2, 0), {{0, std::numeric_limits<std::int64_t>::max()}}};
    }
    auto stored = open_bars(text_arg(fcinfo, 0, "freq"), which);
    const auto times =
        stored ? stored->times(time_arg(fcinfo, 3, factors::beginning_us), time_arg(fcinfo, 4, factors::end_of_time_us))
               : std::nullopt;
    if (stored) stored->close();
    if (times) return bigint_array(*times);
    fcinfo->isnull = true;
    return static_cast<Datum>(0);
}

// stored_versions(freq text, instrument_ids int[], from_us bigint[], to_us bigint[], dataset_id bigint)
Datum stored_versions(FunctionCallInfo fcinfo) {
    const auto which = which_bars(fcinfo, 4);
    auto stored = open_bars(text_arg(fcinfo, 0, "freq"), which);
    if (!stored) {
        fcinfo->isnull = true;
        return static_cast<Datum>(0);
    }
    const auto versions = stored->versions(spans_arg(fcinfo));
    stored->close();
    return bigint_array(versions);
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_panel_bars, panel_bars);
BOURSE_PG_FUNCTION(bourse_stored_edges, stored_edges);
BOURSE_PG_FUNCTION(bourse_stored_times, stored_times);
BOURSE_PG_FUNCTION(bourse_stored_versions, stored_versions);

}  // namespace bourse::pg
