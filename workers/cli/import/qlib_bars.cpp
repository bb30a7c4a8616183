#include "workers/cli/import/qlib_bars.hpp"

#include <cmath>

#include "workers/common/copy_binary.hpp"

namespace bourse::cli {

QlibBars read_qlib_bars(workers::Connection& connection, int instrument_id, std::string_view freq, bool traded_volume) {
    workers::CopyReader reader(connection,
                               "COPY (SELECT ts, open, high, low, close, volume, amount, adj_factor FROM bourse.bar "
                               "WHERE instrument_id = " +
                                   std::to_string(instrument_id) + " AND freq = '" + std::string(freq) +
                                   "' ORDER BY ts) TO STDOUT (FORMAT binary)");
    QlibBars bars;
    while (reader.next()) {
        std::int64_t ts = 0;
        market::BarRow bar{};
        reader.timestamptz(ts);
        for (double* value : {&bar.open, &bar.high, &bar.low, &bar.close, &bar.volume, &bar.amount, &bar.factor})
            reader.float8(*value);
        bars.any_amount |= !std::isnan(bar.amount);
        bars.ts.push_back(ts);
        bars.rows.push_back(market::qlib_row_of(bar, traded_volume));
    }
    return bars;
}

std::map<std::string, QlibSeries> read_qlib_fields(workers::Connection& connection, int instrument_id,
                                                   std::string_view freq) {
    workers::CopyReader reader(
        connection,
        "COPY (SELECT field, ts, value FROM bourse.bar_field WHERE instrument_id = " + std::to_string(instrument_id) +
            " AND freq = '" + std::string(freq) + "' ORDER BY field, ts) TO STDOUT (FORMAT binary)");
    std::map<std::string, QlibSeries> fields;
    while (reader.next()) {
        std::string_view field;
        std::int64_t ts = 0;
        double value = 0;
        reader.text(field);
        reader.timestamptz(ts);
        reader.float8(value);
        fields[std::string(field)].emplace_back(ts, static_cast<float>(value));
    }
    return fields;
}

}  // namespace bourse::cli
