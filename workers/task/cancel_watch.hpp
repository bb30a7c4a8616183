// SIGTERM means: stop this job. A thread waits for it, raises the flag that handlers look at, and cancels the
// statement that the work connection is in.
#pragma once

#include <atomic>
#include <thread>

#include "core/interrupt.hpp"
#include "workers/common/connection.hpp"

struct pg_cancel;

namespace bourse::workers {

// Blocks SIGTERM in the calling thread: make it before any other thread starts, and once a process.
class CancelWatch {
public:
    CancelWatch();
    ~CancelWatch();
    CancelWatch(const CancelWatch&) = delete;
    CancelWatch& operator=(const CancelWatch&) = delete;

    // From now on a cancellation interrupts the statements of this connection; it must outlive the watch.
    void guard(Connection& connection);

    bool cancelled() const noexcept { return cancelled_.load(); }
    CheckInterrupts interrupts() const;  // throws Error(cancelled)

private:
    void run();

    std::atomic<bool> cancelled_{false};
    std::atomic<bool> ended_{false};
    std::atomic<pg_cancel*> cancel_{nullptr};
    std::thread thread_;
};

}  // namespace bourse::workers
