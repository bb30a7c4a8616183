#include "workers/worker/strays.hpp"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bourse::workers {
namespace {

constexpr const char* job_variable = "BOURSE_JOB=";
constexpr const char* worker_variable = "BOURSE_WORKER=";

std::string file_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Of every thread: the kernel gives orphans to any of them.
std::vector<pid_t> children_of_this_process() {
    std::vector<pid_t> pids;
    std::error_code none;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", none)) {
        const auto text = file_text(thread.path() / "children");
        for (const char *at = text.data(), *end = at + text.size(); at < end; ++at) {
            pid_t pid = 0;
            const auto parsed = std::from_chars(at, end, pid);
            if (parsed.ec == std::errc()) pids.push_back(pid);
            at = std::max(parsed.ptr, at);
        }
    }
    return pids;
}

// What the environment of a process says behind `variable` ("NAME="); nothing when it cannot be read.
std::optional<std::string> environment_of(const std::string& pid, const std::string& variable) {
    const auto variables = '\0' + file_text("/proc/" + pid + "/environ");
    const auto at = variables.find('\0' + variable);
    if (at == std::string::npos) return std::nullopt;
    const auto from = at + 1 + variable.size();
    return variables.substr(from, variables.find('\0', from) - from);
}

// When a process was started, in ticks since the host was: a number that is used again is another process. Empty when
// there is none (any more).
std::string start_of(const std::string& pid) {
    const auto text = file_text("/proc/" + pid + "/stat");
    const auto name_end = text.rfind(')');  // a name may hold blanks and brackets
    if (name_end == std::string::npos || text.compare(name_end, 3, ") Z") == 0) return {};
    auto at = name_end;
    for (int field = 2; field < 22 && at != std::string::npos; ++field) at = text.find(' ', at + 1);
    return at == std::string::npos ? std::string() : text.substr(at + 1, text.find(' ', at + 1) - at - 1);
}

// The processes that this one can see have their numbers from here.
std::string process_namespace() {
    std::error_code error;
    return std::filesystem::read_symlink("/proc/self/ns/pid", error).string();
}

std::string worker_mark(const std::string& pid, const std::string& start) {
    return process_namespace() + ',' + pid + ',' + start;
}

// Is the daemon that wrote this mark one that this process could see, and is it gone?
bool is_of_a_dead_worker(const std::string& mark) {
    const auto second = mark.rfind(','), first = mark.rfind(',', second - 1);
    if (second == std::string::npos || first == std::string::npos || first == second) return false;
    const auto pid = mark.substr(first + 1, second - first - 1);
    return first > 0 && mark.substr(0, first) == process_namespace() && mark != worker_mark(pid, start_of(pid));
}

bool is_ours(const std::string& pid) {
    struct stat status {};
    return stat(("/proc/" + pid).c_str(), &status) == 0 && status.st_uid == geteuid();
}

}  // namespace

std::vector<std::string> marks_of(const std::string& job) {
    const auto pid = std::to_string(getpid());
    return {job_variable + job, worker_variable + worker_mark(pid, start_of(pid))};
}

void adopt_orphans() { prctl(PR_SET_CHILD_SUBREAPER, 1); }

void end_strays(const std::string& job, const std::vector<pid_t>& living) {
    for (bool found = true; found;) {  // those that a killed one had started are ours next
        found = false;
        for (const pid_t pid : children_of_this_process()) {
            if (std::find(living.begin(), living.end(), pid) != living.end()) continue;
            if (waitpid(pid, nullptr, WNOHANG) == pid) {
                found = true;
            } else if (environment_of(std::to_string(pid), job_variable) == job && ::kill(pid, SIGKILL) == 0) {
                waitpid(pid, nullptr, 0);
                found = true;
            }
        }
    }
}

int end_strays_of_dead_workers() {
    int ended = 0;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", none)) {
        const auto name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos || !is_ours(name)) continue;
        const auto mark = environment_of(name, worker_variable);
        if (mark && is_of_a_dead_worker(*mark) && ::kill(std::stoi(name), SIGKILL) == 0) ++ended;
    }
    return ended;
}

}  // namespace bourse::workers
