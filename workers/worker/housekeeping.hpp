// What a worker does beside the jobs, now and then: tells how busy its host is, keeps the history's partitions,
// counts statistics of refreshed features.
#pragma once

#include <chrono>
#include <string>

#include "workers/common/connection.hpp"
#include "workers/worker/options.hpp"

namespace bourse::workers {

class Housekeeping {
public:
    using Clock = std::chrono::steady_clock;

    // Throws pqxx::broken_connection alone: other trouble here must not stop the queue; it is logged once.
    void run_if_due(Connection& connection, const Options& options);

private:
    void tell_host_usage(Connection& connection, const Options& options);
    void maintain(Connection& connection);
    void keep_features(Connection& connection);

    Clock::time_point next_usage_{};
    Clock::time_point next_maintenance_{};
    Clock::time_point next_count_{};
    std::string last_error_;
};

}  // namespace bourse::workers
