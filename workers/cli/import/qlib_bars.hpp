// The series of one instrument as Qlib has them, from what the database has: bars, and bar_field where these cannot
// hold a value. What export writes and what import compares with.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "market/qlib_layout.hpp"
#include "workers/common/connection.hpp"

namespace bourse::cli {

struct QlibBars {
    std::vector<std::int64_t> ts;  // microseconds since 1970 UTC, rising
    std::vector<market::QlibRow> rows;
    bool any_amount = false;
};
QlibBars read_qlib_bars(workers::Connection& connection, int instrument_id, std::string_view freq, bool traded_volume);

// A series of bar_field; NaN where a row says that there is no value.
using QlibSeries = std::vector<std::pair<std::int64_t, float>>;
std::map<std::string, QlibSeries> read_qlib_fields(workers::Connection& connection, int instrument_id,
                                                   std::string_view freq);

}  // namespace bourse::cli
