// Which loads the bars of a run came from.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "workers/common/connection.hpp"
#include "workers/task/training/run_spec.hpp"

namespace bourse::workers {

// First and last row of each instrument, microseconds since 1970.
using InstrumentSpans = std::map<std::int32_t, std::pair<std::int64_t, std::int64_t>>;

// Versions of every bar that lies between the oldest bar a feature reads and the newest a label reads, per instrument,
// ascending; of a pinned dataset only those that it may read, replaced bars among them.
std::vector<std::int64_t> read_data_versions(pqxx::transaction_base& tx, const RunSpec& spec,
                                             const InstrumentSpans& spans, int bars_ahead);

}  // namespace bourse::workers
