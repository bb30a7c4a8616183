// The labels of a run: its expression over the bars as they are now.
#pragma once

#include <cstdint>
#include <vector>

#include "core/interrupt.hpp"
#include "workers/common/connection.hpp"
#include "workers/task/training/run_spec.hpp"

namespace bourse::workers {

struct LabelRow {
    std::int64_t ts;         // microseconds since 1970
    std::int64_t label_end;  // time of the last bar that the label reads
    std::int32_t instrument_id;
    double label;  // finite
};

struct Labels {
    std::vector<LabelRow> rows;     // ordered by (ts, instrument_id)
    int bars_ahead = 0;             // that the label looks
    std::size_t without_label = 0;  // rows of bars in the universe and span whose label is missing
};

// Rows that have a bar, lie in the run's span and are members of its universe at their ts. To be called inside the
// transaction whose snapshot counts. Errors: bad_expression.
Labels read_labels(Connection& connection, pqxx::transaction_base& tx, const RunSpec& spec,
                   const CheckInterrupts& interrupts);

}  // namespace bourse::workers
