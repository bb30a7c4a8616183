#include "workers/task/cancel_watch.hpp"

#include <csignal>
#include <ctime>

#include <libpq-fe.h>

#include "core/error.hpp"

namespace bourse::workers {
namespace {

sigset_t watched_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGUSR1);  // from the destructor: no pause at the end of every job
    return set;
}

}  // namespace

CancelWatch::CancelWatch() {
    const sigset_t set = watched_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    thread_ = std::thread([this] { run(); });
}

CancelWatch::~CancelWatch() {
    ended_ = true;
    pthread_kill(thread_.native_handle(), SIGUSR1);
    thread_.join();
    if (auto* cancel = cancel_.load()) PQfreeCancel(cancel);
}

void CancelWatch::guard(Connection& connection) { cancel_ = PQgetCancel(connection.raw()); }

CheckInterrupts CancelWatch::interrupts() const {
    return [this] {
        if (cancelled_.load()) throw Error(ErrorKind::cancelled, "the job was told to stop");
    };
}

void CancelWatch::run() {
    const sigset_t set = watched_signals();
    const timespec slice{0, 100'000'000};
    char error[256];
    while (!ended_) {
        if (sigtimedwait(&set, nullptr, &slice) == SIGTERM) cancelled_ = true;
        // Again and again: one cancel may fall between two statements.
        if (auto* cancel = cancel_.load(); cancelled_ && cancel) PQcancel(cancel, error, sizeof error);
    }
}

}  // namespace bourse::workers
