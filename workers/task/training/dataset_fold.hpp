// What a run on a stored dataset trains on.
#pragma once

#include <string>
#include <vector>

#include "datasets/build.hpp"
#include "stats/drift_reference.hpp"
#include "workers/task/training/dataset_reader.hpp"

namespace bourse::workers {

struct DatasetFold {
    datasets::BuiltFold built;
    std::vector<stats::DriftReference> references;  // of the train part's features, before processors
    std::vector<std::int64_t> data_version_ids;
    std::string snapshot_at;
};

// The run's fold, read in one REPEATABLE READ transaction. Errors: those of build_fold; insufficient_data for a part
// with fewer rows than a training needs; invalid_argument when a pinned dataset gives other rows than its build found.
DatasetFold read_dataset_fold(Connection& connection, const RunSpec& spec, const CheckInterrupts& interrupts,
                              const TellProgress& reading);

}  // namespace bourse::workers
