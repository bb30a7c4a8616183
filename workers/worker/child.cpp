#include "workers/worker/child.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "workers/common/sign_socket.hpp"

namespace bourse::workers {
namespace {

constexpr int outcome_fd_of_child = 3;
constexpr int log_pipe_bytes = 256 * 1024;
constexpr std::size_t log_bytes_a_read = 1024 * 1024;  // a child that writes without end must not keep us

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
[[noreturn]] void become(const char* program, char* const* environment, pid_t parent, int input, int outcome, int log,
                         int sign_socket, const ChildLimits& limits) noexcept {
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
    // They may sit on 0 to 4 themselves: move them out of the way first.
    const int from = fcntl(input, F_DUPFD, 10), to = fcntl(outcome, F_DUPFD, 10), said = fcntl(log, F_DUPFD, 10);
    const int signer = sign_socket >= 0 ? fcntl(sign_socket, F_DUPFD, 10) : -1;
    dup2(from, STDIN_FILENO);
    dup2(to, outcome_fd_of_child);
    dup2(said, STDERR_FILENO);
    dup2(said, STDOUT_FILENO);
    if (signer >= 0) dup2(signer, sign_fd_of_child);
    close(from);
    close(to);
    close(said);
    if (signer >= 0) close(signer);
    char* const arguments[] = {const_cast<char*>(program), nullptr};
    execve(program, arguments, environment);
    _exit(127);
}

struct Pipe {
    Descriptor reading, writing;
    explicit Pipe(std::pair<int, int> ends) : reading(ends.first), writing(ends.second) {
        fcntl(reading.get(), F_SETFL, O_NONBLOCK);
    }
};

std::pair<int, int> open_pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
    return {ends[0], ends[1]};
}

// Made before the fork: between fork and exec nothing may allocate.
class Environment {
public:
    explicit Environment(std::vector<std::string> marks) : marks_(std::move(marks)) {
        for (char** variable = environ; *variable; ++variable)
            if (!names_a_mark(*variable)) pointers_.push_back(*variable);
        for (auto& mark : marks_) pointers_.push_back(mark.data());
        pointers_.push_back(nullptr);
    }
    char* const* get() const noexcept { return pointers_.data(); }

private:
    bool names_a_mark(std::string_view variable) const {  // a worker that is itself a job's
        return std::any_of(marks_.begin(), marks_.end(), [&](const std::string& mark) {
            return variable.starts_with(std::string_view(mark).substr(0, mark.find('=') + 1));
        });
    }

    std::vector<std::string> marks_;
    std::vector<char*> pointers_;
};

// `open` (may be null) becomes false when nobody can write any more.
std::string read_available(int fd, std::size_t most, bool* open = nullptr) {
    std::string text;
    char buffer[16384];
    while (text.size() < most) {
        const auto n = read(fd, buffer, sizeof buffer);
        if (n == 0 && open) *open = false;
        if (n <= 0) break;
        text.append(buffer, static_cast<std::size_t>(n));
    }
    return text;
}

ChildUsage usage_of(const rusage& used) {
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    ChildUsage usage;
    usage.cpu_s = seconds(used.ru_utime) + seconds(used.ru_stime);
    usage.max_rss_mb = static_cast<double>(used.ru_maxrss) / 1024;  // KiB
    usage.read_bytes = used.ru_inblock * 512L;
    usage.write_bytes = used.ru_oublock * 512L;
    return usage;
}

}  // namespace

Child::Child(const std::string& program, const std::string& input, const ChildLimits& limits,
             const std::vector<std::string>& marks, int sign_socket) {
    const Descriptor signer(sign_socket);
    const Descriptor input_fd(input_of(input));
    Pipe outcome(open_pipe()), log(open_pipe());
    fcntl(log.reading.get(), F_SETPIPE_SZ, log_pipe_bytes);  // fewer waits for us; refused to a user with many pipes
    const Environment environment(marks);
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ < 0) fail("fork");
    if (pid_ == 0)
        become(program.c_str(), environment.get(), parent, input_fd.get(), outcome.writing.get(), log.writing.get(),
               signer.get(), limits);
    setpgid(pid_, pid_);  // both sides: whoever comes first
    outcome_fd_ = outcome.reading.release();
    log_fd_ = log.reading.release();
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      outcome_fd_(std::exchange(other.outcome_fd_, -1)),
      log_fd_(std::exchange(other.log_fd_, -1)) {}

Child::~Child() {
    if (pid_ > 0) {
        signal(SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    if (outcome_fd_ >= 0) close(outcome_fd_);
    if (log_fd_ >= 0) close(log_fd_);
}

void Child::signal(int number) const noexcept {
    if (pid_ > 0 && ::kill(-pid_, number) != 0) ::kill(pid_, number);
}

std::optional<ChildEnd> Child::poll() {
    int status = 0;
    rusage used{};
    if (pid_ <= 0 || wait4(pid_, &status, WNOHANG, &used) != pid_) return std::nullopt;
    ::kill(-pid_, SIGKILL);  // what it started goes with it
    pid_ = -1;
    ChildEnd end;
    if (WIFSIGNALED(status))
        end.signal = WTERMSIG(status);
    else
        end.exit_code = WEXITSTATUS(status);
    end.outcome = read_available(outcome_fd_, log_bytes_a_read);
    end.log = read_log();
    end.usage = usage_of(used);
    return end;
}

std::string Child::read_log() {
    bool open = log_fd_ >= 0;
    auto text = open ? read_available(log_fd_, log_bytes_a_read, &open) : std::string();
    if (!open && log_fd_ >= 0) close(std::exchange(log_fd_, -1));  // else poll would find it readable for ever
    return text;
}

}  // namespace bourse::workers
