// Is there a pooler between us and the server, and does it take the session away between transactions?
#pragma once

#include <string>
#include <vector>

#include "workers/common/connection.hpp"

namespace bourse::workers {

// True when the two connections share server sessions, so that LISTEN, SET and session locks would be lost or fall on
// others. A direct connection is told by its process id, which poolers make up; one whose session stays its own (pool
// mode session) counts as direct. Throws Error(unavailable) for a pooler that allows no transactions (mode statement).
bool shares_sessions(Connection& one, Connection& other);

// Those of `kinds` whose work needs no session of its own: each of its steps is one transaction.
std::vector<std::string> without_session(const std::vector<std::string>& kinds);

}  // namespace bourse::workers
