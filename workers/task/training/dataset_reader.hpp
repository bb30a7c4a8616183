// Reads what a run trains on, by COPY BINARY, into one float32 matrix.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/interrupt.hpp"
#include "datasets/dataset.hpp"
#include "workers/common/connection.hpp"
#include "workers/task/training/run_spec.hpp"

namespace bourse::workers {

struct TrainingRows {
    datasets::LabelledRows rows;
    std::vector<std::string> features;
    std::vector<std::int64_t>
        data_version_ids;             // of every bar that features or labels read, ascending; none for a source
    int label_bars = 0;               // bars that the label looks ahead; 0 for a source: not known
    std::size_t without_label = 0;    // rows left out because their label is missing
    std::size_t unknown_symbols = 0;  // of a source: symbols that are no instruments
    std::string snapshot_at;          // when it was read, as the server prints it
};

using TellProgress = std::function<void(double ratio, const std::string& note)>;

// Labels by evaluating the run's expression over the bars, features as stored, members of the universe at their ts.
// One REPEATABLE READ transaction; the set is refreshed before it until the snapshot holds no dirty range.
// Errors: insufficient_data when not one row has a label; bad_expression for the label.
// refreshing, reading: told how far that is, 0 to 1.
TrainingRows read_feature_rows(Connection& connection, const RunSpec& spec, const CheckInterrupts& interrupts,
                               const TellProgress& refreshing, const TellProgress& reading);

// The caller's own query, run as the run's owner in a read-only transaction, as one statement, without a way back to
// the worker's own role. Instruments that are not known get negative numbers.
// Errors: what the query raises, as invalid_argument; vectors of different lengths; insufficient_data.
TrainingRows read_source_rows(Connection& connection, const RunSpec& spec, const CheckInterrupts& interrupts);

}  // namespace bourse::workers
