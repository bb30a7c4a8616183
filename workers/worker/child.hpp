// One bourse-task process: started with limits, stopped by signals to its whole group, its outcome and what it says
// read from pipes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace bourse::workers {

struct ChildLimits {
    int memory_mb = 8192;  // address space
    double cpu_s = 0;      // processor time, 0: none
};

// Of a child and those of its descendants that were waited for; from getrusage.
struct ChildUsage {
    double cpu_s = 0;                              // user and system
    double max_rss_mb = 0;                         // of the largest process, MiB
    std::int64_t read_bytes = 0, write_bytes = 0;  // block devices
};

struct ChildEnd {
    int exit_code = 0;    // when it exited
    int signal = 0;       // when a signal ended it, else 0
    std::string outcome;  // what it wrote; empty when it could not
    std::string log;      // the rest of its standard error, after the last read_log
    ChildUsage usage;
};

class Child {
public:
    // Forks and executes `program` with `input` as its standard input and `marks` (strays.hpp) in its environment. Call
    // it from the main thread: the kernel kills the child when the thread that made it ends. `sign_socket`: its way to
    // the signer, closed here; -1: none. Throws std::system_error.
    Child(const std::string& program, const std::string& input, const ChildLimits& limits,
          const std::vector<std::string>& marks = {}, int sign_socket = -1);
    ~Child();  // kills and reaps what still lives
    Child(Child&& other) noexcept;
    Child& operator=(Child&&) = delete;

    pid_t pid() const noexcept { return pid_; }
    void signal(int number) const noexcept;  // to the child's process group
    std::optional<ChildEnd> poll();          // how it ended, once; nothing while it lives

    // What it has written to its standard output and error since the last call. A child that writes more than the pipe
    // holds waits until this is called; log_fd() is readable then.
    std::string read_log();
    int log_fd() const noexcept { return log_fd_; }

private:
    pid_t pid_ = -1;
    int outcome_fd_ = -1;
    int log_fd_ = -1;
};

}  // namespace bourse::workers
