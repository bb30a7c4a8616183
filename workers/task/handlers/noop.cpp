// Job kind noop: does nothing. For tests and benches; the daemon does it without a child.
#include "workers/task/handler.hpp"

namespace bourse::workers {

void handle_noop(const Job&, Context&) {}

}  // namespace bourse::workers
