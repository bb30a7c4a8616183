// What the daemon tells the database, and the log, when a child has ended.
#pragma once

#include <chrono>

#include "workers/worker/child.hpp"
#include "workers/worker/queries.hpp"

namespace bourse::workers {

struct Ended {
    Job job;
    int memory_mb = 0;
    ChildEnd end;
    StopReason reason = StopReason::none;  // why the daemon stopped it, if it did
    std::chrono::milliseconds ran{0};
};

// Throws pqxx::broken_connection when the server could not be told: then call it again.
void settle(Connection& connection, const Ended& ended);

}  // namespace bourse::workers
