// All SQL of the daemon, named. The rules are in sql/jobs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "workers/common/connection.hpp"
#include "workers/task/handler.hpp"
#include "workers/worker/child.hpp"
#include "workers/worker/options.hpp"

namespace bourse::workers {

struct Claimed {
    Job job;
    int memory_mb = 0;
    nlohmann::json resources;  // what it has asked for
};

enum class StopReason { none, cancel, lost, timeout, shutdown };

struct Attempt {
    std::int64_t job = 0;
    int attempt = 0;
    bool operator==(const Attempt&) const = default;
};

struct Order {
    Attempt attempt;
    StopReason reason = StopReason::none;  // cancel or lost
};

// Throws Error(migration) for a database that this program does not know, Error(unavailable) for a standby.
void check_server(Connection& connection);
// Learns which kinds sign. Without a signer takes them out of `kinds` and returns them; with one throws
// Error(invalid_argument) unless the database trusts its key.
std::vector<std::string> check_signer(Connection& connection, Options& options, std::vector<std::string>& kinds);
bool key_is_trusted(Connection& connection, const Signer& signer);
void register_worker(Connection& connection, const Options& options);
void sleep_worker(Connection& connection, const Options& options);
void stop_worker(Connection& connection, const Options& options);
std::vector<Order> heartbeat(Connection& connection, const Options& options, const std::vector<Attempt>& attempts);

std::vector<Claimed> claim(Connection& connection, const Options& options, const std::vector<std::string>& kinds,
                           int slots, const Offer* offer = nullptr);  // none: whatever they ask for
void complete(Connection& connection, const Job& job);
// The job's new state. Of the child's end, exit code and signal are kept; none: no child ran.
std::string fail(Connection& connection, const Job& job, const std::string& error, bool retryable,
                 const ChildEnd* end = nullptr);
void release(Connection& connection, const Job& job, const std::string& reason);

// Rescues, makes scheduled jobs due; seconds until the next scheduled one, nothing when there is none.
std::optional<double> tick(Connection& connection);
void enqueue_refresh_jobs(
    Connection& connection);  // one per stored feature set with dirty ranges, if that area is there

}  // namespace bourse::workers
