#include "workers/worker/child.hpp"

#include <cerrno>
#include <cmath>
#include <csignal>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace bourse::workers {
namespace {

constexpr int outcome_fd_of_child = 3;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

class Descriptor {
public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const noexcept { return fd_; }
    int release() noexcept { return std::exchange(fd_, -1); }

private:
    int fd_;
};

// In memory, not a pipe: writing can never block on a child that does not read. It may hold a password: no file.
int input_of(const std::string& text) {
    Descriptor fd(memfd_create("job", MFD_CLOEXEC));
    if (fd.get() < 0) fail("memfd_create");
    for (std::size_t at = 0; at < text.size();) {
        const auto written = write(fd.get(), text.data() + at, text.size() - at);
        if (written < 0) fail("write the job");
        at += static_cast<std::size_t>(written);
    }
    if (lseek(fd.get(), 0, SEEK_SET) < 0) fail("lseek");
    return fd.release();
}

void limit(int resource, rlim_t value) noexcept {
    const rlimit both{value, value};
    setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

// Between fork and exec of a process with threads: system calls only.
[[noreturn]] void become(const char* program, pid_t parent, int input, int outcome,
                         const ChildLimits& limits) noexcept {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(126);  // it died before the line above
#ifndef __SANITIZE_ADDRESS__              // whose shadow memory is terabytes of address space
    limit(RLIMIT_AS, static_cast<rlim_t>(limits.memory_mb) << 20);
#endif
    if (limits.cpu_s > 0) limit(RLIMIT_CPU, static_cast<rlim_t>(std::ceil(limits.cpu_s)));
    limit(RLIMIT_CORE, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    std::signal(SIGPIPE, SIG_DFL);
    // The two may sit on 0 or 3 themselves: move them out of the way first.
    const int from = fcntl(input, F_DUPFD, 10), to = fcntl(outcome, F_DUPFD, 10);
    dup2(from, STDIN_FILENO);
    dup2(to, outcome_fd_of_child);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    close(from);
    close(to);
    execl(program, program, static_cast<char*>(nullptr));
    _exit(127);
}

}  // namespace

Child::Child(const std::string& program, const std::string& input, const ChildLimits& limits) {
    const Descriptor input_fd(input_of(input));
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
    Descriptor reading(ends[0]);
    const Descriptor writing(ends[1]);
    fcntl(reading.get(), F_SETFL, O_NONBLOCK);
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ < 0) fail("fork");
    if (pid_ == 0) become(program.c_str(), parent, input_fd.get(), writing.get(), limits);
    setpgid(pid_, pid_);  // both sides: whoever comes first
    outcome_fd_ = reading.release();
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), outcome_fd_(std::exchange(other.outcome_fd_, -1)) {}

Child::~Child() {
    if (pid_ > 0) {
        signal(SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    if (outcome_fd_ >= 0) close(outcome_fd_);
}

void Child::signal(int number) const noexcept {
    if (pid_ > 0 && ::kill(-pid_, number) != 0) ::kill(pid_, number);
}

std::optional<ChildEnd> Child::poll() {
    int status = 0;
    if (pid_ <= 0 || waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
    ::kill(-pid_, SIGKILL);  // what it started goes with it
    pid_ = -1;
    ChildEnd end;
    if (WIFSIGNALED(status))
        end.signal = WTERMSIG(status);
    else
        end.exit_code = WEXITSTATUS(status);
    end.outcome = read_outcome();
    return end;
}

std::string Child::read_outcome() const {
    std::string text;
    char buffer[4096];
    for (ssize_t n; (n = read(outcome_fd_, buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(n));
    return text;
}

}  // namespace bourse::workers
