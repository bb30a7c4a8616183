// Keeps the leases of running jobs and the worker's place in the register, on its own thread and connection, so that
// nothing the daemon does can make it late. Brings back which jobs must stop.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "workers/worker/queries.hpp"

namespace bourse::workers {

class Heartbeat {
public:
    explicit Heartbeat(const Options& options);  // `options` must outlive it
    ~Heartbeat();
    Heartbeat(const Heartbeat&) = delete;
    Heartbeat& operator=(const Heartbeat&) = delete;

    void track(const Attempt& attempt);
    void untrack(const Attempt& attempt);
    std::vector<Order> take_orders();              // since the last call
    int fd() const noexcept { return event_fd_; }  // readable when there are orders

private:
    using Clock = std::chrono::steady_clock;

    struct Tracked {
        Attempt attempt;
        Clock::time_point since;
        bool given_up = false;
    };

    void run();
    void beat(const std::vector<Attempt>& attempts);
    void connect();
    void give_up();
    std::chrono::milliseconds pause();
    bool register_again();
    void give(std::vector<Order> orders);

    const Options& options_;
    int event_fd_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool ended_ = false;
    std::vector<Tracked> tracked_;
    std::vector<Order> orders_;
    std::unique_ptr<Connection> connection_;  // of the thread alone
    Clock::time_point last_success_;          // when that beat was sent: the server counts from later
    int failures_ = 0;                        // in a row
    std::minstd_rand random_;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace bourse::workers
