// Ctrl-C during an import: the statement on the server is cancelled, the loop that sends rows sees a flag, and
// the open transaction ends without a trace.
#pragma once

#include "workers/common/connection.hpp"

namespace bourse::cli {

class InterruptGuard {
public:
    explicit InterruptGuard(workers::Connection& connection);
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    static bool requested() noexcept;
    static void check();  // throws Error(cancelled)
};

}  // namespace bourse::cli
