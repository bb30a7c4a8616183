// Job kind sleep: {"seconds": 0.3} waits, {"memory_mb": 500} also holds that much memory, {"log_lines": 3} says so many
// lines. For tests and benches.
#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "workers/task/handler.hpp"

namespace bourse::workers {
namespace {

double number(const nlohmann::json& args, const char* key, double lowest, double highest) {
    const auto found = args.find(key);
    if (found == args.end()) return 0;
    const double value = found->is_number() ? found->get<double>() : -1;
    if (!(value >= lowest && value <= highest))
        throw Error(ErrorKind::invalid_argument, std::string("args.") + key + " is " + found->dump() +
                                                     ", expected a number from " +
                                                     std::to_string(static_cast<long>(lowest)) + " to " +
                                                     std::to_string(static_cast<long>(highest)));
    return value;
}

// Written, not only reserved: page by page, so that the kernel has to give it.
std::vector<char> hold(double memory_mb) {
    return std::vector<char>(static_cast<std::size_t>(memory_mb * 1048576), 'x');
}

}  // namespace

void handle_sleep(const Job& job, Context& context) {
    for (const auto& [key, value] : job.args.items())
        if (key != "seconds" && key != "memory_mb" && key != "log_lines")
            throw Error(ErrorKind::unknown_option, "unknown key \"" + key + "\" in args of sleep",
                        "known keys: log_lines, memory_mb, seconds");
    const auto seconds = number(job.args, "seconds", 0, 86400);
    const auto memory = hold(number(job.args, "memory_mb", 0, 1048576));
    const auto lines = static_cast<int>(number(job.args, "log_lines", 0, 1e6));
    for (int line = 1; line <= lines; ++line)
        context.log(LogLevel::info, "line " + std::to_string(line) + " of " + std::to_string(lines));
    using Clock = std::chrono::steady_clock;
    const auto began = Clock::now();
    const auto interrupts = context.interrupts();
    for (;;) {
        check(interrupts);
        const double slept = std::chrono::duration<double>(Clock::now() - began).count();
        if (slept >= seconds) break;
        if (seconds >= 1) context.progress("sleep", slept / seconds);
        std::this_thread::sleep_for(std::chrono::duration<double>(std::min(0.02, seconds - slept)));
    }
}

}  // namespace bourse::workers
