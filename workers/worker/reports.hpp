// What children say and use, on its way to the database: collected, cleaned of secrets, sent in batches. Nothing waits
// for it: what cannot be stored is dropped with a line in the log.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "workers/common/connection.hpp"
#include "workers/task/handler.hpp"
#include "workers/worker/child.hpp"
#include "workers/worker/job_log.hpp"
#include "workers/worker/options.hpp"
#include "workers/worker/redact.hpp"

namespace bourse::workers {

class Reports {
public:
    using Clock = std::chrono::steady_clock;

    explicit Reports(const Options& options);  // `options` must outlive it

    void said(const Job& job, std::string_view bytes);
    void ended(const Job& job, const ChildEnd& end, std::chrono::milliseconds ran);

    Clock::time_point next_send() const;  // max(): nothing to send
    void send_if_due(Connection& connection);
    void send(Connection& connection);  // throws pqxx::broken_connection; what it had to send stays

private:
    using Key = std::pair<std::int64_t, int>;  // job, attempt
    struct Usage {
        Job job;       // without args
        ChildEnd end;  // without texts
        std::chrono::milliseconds ran;
        Clock::time_point at;
    };

    void collect(const Job& job, JobLog& log);

    const Options& options_;
    const Redactor redactor_;
    std::map<Key, JobLog> logs_;  // of children that live
    std::vector<std::pair<Key, LogLine>> lines_;
    std::vector<Usage> usages_;
    std::size_t dropped_ = 0;
    Clock::time_point last_send_{};
};

}  // namespace bourse::workers
