// Bars of panels as bytes, for the workers: as columns each side would spend several times what reading the bars costs.
#include "factors/market_source.hpp"
#include "pgext/arguments.hpp"
#include "pgext/slot_rows.hpp"
#include "pgext/spi_source.hpp"

namespace bourse::pg {
namespace {

using factors::Bar;

static_assert(sizeof(Bar) == 64, "a bar travels as it lies in memory");

// panel_bars(freq text, instrument_ids int[], from_us bigint[], to_us bigint[], dataset_id bigint)
Datum panel_bars(FunctionCallInfo fcinfo) {
    constexpr std::size_t most = 1024;  // bars of a row
    const bool of_dataset = !PG_ARGISNULL(4);
    Rows rows(fcinfo);
    SpiScope spi;
    const ParamListInfo arguments = pg_call([=] {
        static constexpr Oid types[] = {TEXTOID, INT4ARRAYOID, INT8ARRAYOID, INT8ARRAYOID, INT8OID};
        const int count = of_dataset ? 5 : 4;
        ParamListInfo list = makeParamList(count);
        for (int i = 0; i < count; ++i)
            list->params[i] = {fcinfo->args[i].value, fcinfo->args[i].isnull, PARAM_FLAG_CONST, types[i]};
        return list;
    });
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
    slot_rows(
        of_dataset ? "SELECT * FROM bourse.panel_rows_of($1, $2, $3, $4, $5)"
                   : "SELECT * FROM bourse.panel_rows($1, $2, $3, $4)",
        [&](const Datum* values, const bool* nulls) {
            const std::int32_t id = DatumGetInt32(values[0]);
            if (id != instrument || bars.size() == most) write();
            instrument = id;
            bars.push_back(bar_of(values, nulls));
        },
        arguments);
    write();
    return static_cast<Datum>(0);
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_panel_bars, panel_bars);

}  // namespace bourse::pg
