// Bars as a Qlib data set: what `bourse export --format qlib` does.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workers/common/connection.hpp"

namespace bourse::cli {

struct QlibExport {
    std::string to, freq = "1d", universe, calendar, time_zone;
    std::vector<std::string> symbols;
    bool csv = false;            // one CSV an instrument, as qlib's dump_bin reads them, instead of bins
    bool traded_volume = false;  // leave the volume as it was traded, not divided by the factor
};

struct QlibExportOutcome {
    std::int64_t instruments = 0, sessions = 0, files = 0, size_bytes = 0;
    double seconds = 0;
};

// All of one snapshot. Errors: invalid_argument for names that are not there, instruments of more than one calendar,
// two symbols that are one code in Qlib; insufficient_data when there is no bar; what cannot be written.
QlibExportOutcome export_qlib(workers::Connection& connection, const QlibExport& request);

}  // namespace bourse::cli
