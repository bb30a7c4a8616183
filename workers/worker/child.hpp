// One bourse-task process: started with limits, stopped by signals to its whole group, its outcome read from a pipe.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

namespace bourse::workers {

struct ChildLimits {
    int memory_mb = 8192;  // address space
    double cpu_s = 0;      // processor time, 0: none
};

struct ChildEnd {
    int exit_code = 0;    // when it exited
    int signal = 0;       // when a signal ended it, else 0
    std::string outcome;  // what it wrote; empty when it could not
};

class Child {
public:
    // Forks and executes `program` with `input` as its standard input. Call it from the main thread: the kernel kills
    // the child when the thread that made it ends. Throws std::system_error.
    Child(const std::string& program, const std::string& input, const ChildLimits& limits);
    ~Child();  // kills and reaps what still lives
    Child(Child&& other) noexcept;
    Child& operator=(Child&&) = delete;

    pid_t pid() const noexcept { return pid_; }
    void signal(int number) const noexcept;  // to the child's process group
    std::optional<ChildEnd> poll();          // how it ended, once; nothing while it lives

private:
    std::string read_outcome() const;

    pid_t pid_ = -1;
    int outcome_fd_ = -1;
};

}  // namespace bourse::workers
