#include "workers/cli/import/interrupt.hpp"

#include <signal.h>

#include <atomic>

#include <libpq-fe.h>

#include "core/error.hpp"

namespace bourse::cli {
namespace {

volatile sig_atomic_t interrupted = 0;
std::atomic<PGcancel*> cancel_handle{nullptr};

// libpq promises that PQcancel may be called from a signal handler when the buffer is local.
void on_signal(int) {
    interrupted = 1;
    if (PGcancel* handle = cancel_handle.load()) {
        char message[256];
        PQcancel(handle, message, sizeof message);
    }
}

}  // namespace

InterruptGuard::InterruptGuard(workers::Connection& connection) {
    cancel_handle = PQgetCancel(connection.raw());
    struct sigaction action {};
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

InterruptGuard::~InterruptGuard() {
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    if (PGcancel* handle = cancel_handle.exchange(nullptr)) PQfreeCancel(handle);
}

bool InterruptGuard::requested() noexcept { return interrupted != 0; }

void InterruptGuard::check() {
    if (interrupted)
        throw Error(ErrorKind::cancelled, "cancelled: nothing of the file was loaded", "run the same command again");
}

}  // namespace bourse::cli
