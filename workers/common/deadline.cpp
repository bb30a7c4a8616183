#include <condition_variable>
#include <map>
#include <mutex>
#include <sys/socket.h>
#include <thread>

#include <spdlog/spdlog.h>

#include "workers/common/connection.hpp"

namespace bourse::workers {
namespace {

using Clock = std::chrono::steady_clock;

// One thread for all deadlines of the process. It sleeps until the earliest one that it has seen: those that are taken
// back do not wake it, so that a short query costs no switch of threads.
class Watchdog {
public:
    static Watchdog& instance() {
        static Watchdog watchdog;
        return watchdog;
    }

    std::uint64_t watch(int socket, std::chrono::milliseconds patience) {
        const auto until = Clock::now() + patience;
        const std::lock_guard lock(mutex_);
        watched_[++last_id_] = {socket, patience, until};
        if (until < wakes_at_) wake_.notify_one();
        return last_id_;
    }

    void forget(std::uint64_t id) {
        const std::lock_guard lock(mutex_);  // after this the socket is not touched any more
        watched_.erase(id);
    }

private:
    struct Watched {
        int socket;
        std::chrono::milliseconds patience;
        Clock::time_point until;
    };

    Watchdog() : thread_([this] { run(); }) {}
    ~Watchdog() {
        {
            const std::lock_guard lock(mutex_);
            ended_ = true;
        }
        wake_.notify_one();
        thread_.join();
    }

    void run() {
        std::unique_lock lock(mutex_);
        while (!ended_) {
            wakes_at_ = Clock::now() + std::chrono::hours(1);
            for (auto& [id, watched] : watched_) {
                if (watched.until <= Clock::now()) {
                    spdlog::warn("event=server_silent ms={} action=end_session", watched.patience.count());
                    shutdown(watched.socket, SHUT_RDWR);
                    watched.until = Clock::time_point::max();  // once
                }
                wakes_at_ = std::min(wakes_at_, watched.until);
            }
            wake_.wait_until(lock, wakes_at_);
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    std::map<std::uint64_t, Watched> watched_;
    std::uint64_t last_id_ = 0;
    Clock::time_point wakes_at_ = Clock::time_point::max();
    bool ended_ = false;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace

Deadline::Deadline(Connection& connection, std::chrono::milliseconds patience) {
    if (patience.count() > 0) id_ = Watchdog::instance().watch(connection.sock(), patience);
}

Deadline::~Deadline() {
    if (id_ != 0) Watchdog::instance().forget(id_);
}

}  // namespace bourse::workers
