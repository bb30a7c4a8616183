// What there is in a database, gathered in one consistent look, for `bourse status` and `bourse doctor`.
#pragma once

#include <nlohmann/json.hpp>

#include "workers/common/connection.hpp"

namespace bourse::cli {

// A daemon beats every few seconds; one that was silent for this long is taken for dead, as bourse_bi.worker does.
inline constexpr double heartbeat_limit_s = 60;

// {database, user, server, server_version, timezone, encoding, size_bytes, extension_installed,
//  program, set_up, pending: [names], unknown: [names]}: works on any database, also an empty one.
nlohmann::json read_basics(workers::Connection& connection);

// {workers, jobs, finished, waiting, paused, schedules, running, dead, loads, feature_sets, models, runs}: only on a database
// without pending migrations. Ages are seconds by the database's clock.
nlohmann::json read_content(workers::Connection& connection);

}  // namespace bourse::cli
