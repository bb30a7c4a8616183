#include "workers/worker/housekeeping.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "workers/task/outcome.hpp"
#include "workers/worker/host_usage.hpp"

namespace bourse::workers {
namespace {

constexpr auto usage_interval = std::chrono::seconds(10);
constexpr auto maintenance_interval = std::chrono::seconds(60);
constexpr auto count_interval = std::chrono::seconds(10);
constexpr auto soon = std::chrono::seconds(2);  // when there is more to do, or somebody was in the way

nlohmann::json or_null(const std::optional<double>& value) { return value ? nlohmann::json(*value) : nlohmann::json(); }

}  // namespace

void Housekeeping::run_if_due(Connection& connection, const Options& options) {
    const auto now = Clock::now();
    try {
        if (now >= next_usage_) {
            next_usage_ = now + usage_interval;
            tell_host_usage(connection, options);
        }
        if (now >= next_maintenance_) {
            next_maintenance_ = now + soon;  // unless it goes through
            maintain(connection);
        }
        if (now >= next_count_) {
            next_count_ = now + count_interval;
            keep_features(connection);
        }
        last_error_.clear();
    } catch (const pqxx::broken_connection&) {
        throw;
    } catch (const pqxx::failure& e) {
        if (last_error_ != e.what()) spdlog::error("event=housekeeping_failed error=\"{}\"", one_line(e.what()));
        last_error_ = e.what();
    }
}

void Housekeeping::tell_host_usage(Connection& connection, const Options& options) {
    const auto usage = read_host_usage();
    const nlohmann::json told{{"cpus", usage.cpus},
                              {"load", or_null(usage.load)},
                              {"memory_used_mb", or_null(usage.memory_used_mb)},
                              {"memory_total_mb", or_null(usage.memory_total_mb)},
                              {"disk_free_mb", or_null(usage.disk_free_mb)}};
    ShortQuery(connection)->exec_params("SELECT bourse.worker_usage($1, $2::jsonb)", options.name, told.dump());
}

void Housekeeping::maintain(Connection& connection) {
    const bool complete = ShortQuery(connection)->exec1("SELECT bourse.job_maintain()")[0].as<bool>();
    if (complete) next_maintenance_ = Clock::now() + maintenance_interval;
}

// A short step at a time: the queue must not wait for it.
void Housekeeping::keep_features(Connection& connection) {
    ShortQuery query(connection);
    if (!query->exec1("SELECT to_regprocedure('bourse.trim_features(int)') IS NOT NULL")[0].as<bool>()) return;
    const bool counted = !query->exec1("SELECT bourse.count_features()")[0].as<bool>();
    const bool trimmed = !query->exec1("SELECT bourse.trim_features()")[0].as<bool>();
    if (!counted || !trimmed) next_count_ = Clock::now() + soon;
}

}  // namespace bourse::workers
