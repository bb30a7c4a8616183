// The labels of a run: its expression over the bars as they are now.
#pragma once

#include "core/interrupt.hpp"
#include "datasets/labels.hpp"
#include "workers/common/connection.hpp"
#include "workers/task/training/run_spec.hpp"

namespace bourse::workers {

// Rows that have a bar, lie in the run's span and are members of its universe at their ts. To be called inside the
// transaction whose snapshot counts. Errors: bad_expression.
datasets::Labels read_labels(Connection& connection, pqxx::transaction_base& tx, const RunSpec& spec,
                             const CheckInterrupts& interrupts);

}  // namespace bourse::workers
