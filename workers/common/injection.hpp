// Places where the tests of faults break a worker. In the product each is nothing at all: only the test binaries, which
// define BOURSE_INJECTION, have them (tests/chaos/injection.sh).
#pragma once

namespace bourse::workers {

// Every change of state, before and after it is committed. `before_x`: nothing has been sent; `after_x`: the server has
// done it and the process has not drawn any conclusion yet.
#define BOURSE_INJECTION_POINTS(X) \
    X(before_register)             \
    X(after_register)              \
    X(before_tick)                 \
    X(after_tick)                  \
    X(before_claim)                \
    X(after_claim)                 \
    X(before_spawn)                \
    X(after_spawn)                 \
    X(before_heartbeat)            \
    X(after_heartbeat)             \
    X(before_settle)               \
    X(before_take)                 \
    X(before_take_commit)          \
    X(after_take_commit)           \
    X(before_fail)                 \
    X(after_fail)                  \
    X(before_release)              \
    X(after_release)               \
    X(before_sleep)                \
    X(after_sleep)                 \
    X(before_stop)                 \
    X(after_stop)                  \
    X(task_before_work)            \
    X(task_before_progress)        \
    X(task_after_progress)         \
    X(task_before_complete)        \
    X(task_before_commit)          \
    X(task_after_commit)           \
    X(task_after_outcome)

enum class Point {
#define NAME(name) name,
    BOURSE_INJECTION_POINTS(NAME)
#undef NAME
};

#ifdef BOURSE_INJECTION
// The environment decides: BOURSE_INJECT=point[:n]=action, at the n-th passing of that point in a process (1), and as
// long as the file BOURSE_INJECT_FUSE is there, which the fault takes away, so that it happens once; FUSE.fired then
// says point, action and pid. Actions: crash (SIGKILL), stop (SIGSTOP), error (throws pqxx::broken_connection).
// BOURSE_INJECT=list prints the points and ends the program.
void injection_point(Point point);
#else
inline void injection_point(Point) noexcept {}
#endif

}  // namespace bourse::workers
