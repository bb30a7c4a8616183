// Threads for pieces of one job.
#pragma once

#include "core/parallel.hpp"

namespace bourse::workers {

// Processors that this process may run on.
int processors();

// Runs pieces on up to that many threads, the caller's among them, which looks at the interrupts between its pieces.
Parallel side_by_side(int threads, CheckInterrupts interrupts);

}  // namespace bourse::workers
