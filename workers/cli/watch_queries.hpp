// What bourse watch asks the database.
#pragma once

#include <optional>
#include <vector>

#include "workers/cli/progress.hpp"
#include "workers/common/connection.hpp"

namespace bourse::cli {

// Job and run of this id together; empty when there is neither.
std::optional<Progress> read_progress(workers::Connection& connection, std::int64_t id);

// Unfinished jobs, running ones first, at most `limit`.
std::vector<Progress> read_unfinished(workers::Connection& connection, int limit);

}  // namespace bourse::cli
