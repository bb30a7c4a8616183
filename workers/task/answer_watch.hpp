// Ends the wait for an answer that was lost. On a half-open connection (a network or proxy that closes nothing) nothing
// more comes, and TCP sees nothing wrong when all bytes were acknowledged. The server knows: its session is gone, or
// waits for us just as we wait for it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "workers/common/connection.hpp"

namespace bourse::workers {

class AnswerWatch {
public:
    // From now on: while `connection` waits for an answer, another connection (conninfo, made when it has waited for
    // half of `patience`) looks at what its session does. When that has been gone or idle for `patience`, the socket of
    // `connection` is shut down: its statement throws pqxx::broken_connection, whether it was done stays unknown. Its
    // session must be its own, not a pooler's; `name` is its application_name. It must outlive the watch.
    AnswerWatch(Connection& connection, std::string conninfo, std::string name, std::chrono::milliseconds patience);
    ~AnswerWatch();
    AnswerWatch(const AnswerWatch&) = delete;
    AnswerWatch& operator=(const AnswerWatch&) = delete;

private:
    void run();
    bool waiting() const;
    std::string idle_since() const;

    Connection& connection_;
    const std::string conninfo_, name_;
    const std::chrono::milliseconds patience_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool ended_ = false;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace bourse::workers
