// bourse-task: does one job and ends. Started by the daemon, which gives it the job on standard input:
//   {"db": conninfo, "pooled": are sessions shared, "patience_ms": with a silent server, "job": {"id", "kind", "args",
//   "attempt", "owner", "timeout_s"}}
// and reads its outcome (outcome.hpp) from file descriptor 3. Exit status 0: an outcome was written.
#include <cstdio>
#include <iostream>
#include <iterator>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "core/error.hpp"
#include "workers/common/injection.hpp"
#include "workers/task/cancel_watch.hpp"
#include "workers/task/handlers/handler_table.hpp"
#include "workers/task/outcome.hpp"
#include "workers/task/task_context.hpp"

namespace {

using namespace bourse;
using namespace bourse::workers;

constexpr int outcome_fd = 3;

Job job_of(const nlohmann::json& json) {
    Job job;
    job.id = json.at("id").get<std::int64_t>();
    job.kind = json.at("kind").get<std::string>();
    job.args = json.at("args");
    job.attempt = json.at("attempt").get<int>();
    job.owner = json.at("owner").get<std::string>();
    job.timeout_s = json.at("timeout_s").get<double>();
    return job;
}

void work(const nlohmann::json& request, CancelWatch& watch) {
    const Job job = job_of(request.at("job"));
    const Handler handler = find_handler(job.kind);
    if (!handler) throw Error(ErrorKind::invalid_argument, "no handler for job kind \"" + job.kind + "\"");
    const std::chrono::milliseconds patience(request.value("patience_ms", std::int64_t{30'000}));
    TaskContext context(request.at("db").get<std::string>(), request.value("pooled", false), job, watch, patience);
    injection_point(Point::task_before_work);
    handler(job, context);
    if (context.complete_called()) return;
    pqxx::work tx(context.database(), "complete");
    context.complete(tx, nlohmann::json::object());
    tx.commit();
}

bool write_outcome(const Outcome& outcome) {
    const auto text = to_json(outcome).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    for (std::size_t at = 0; at < text.size();) {
        const auto written = write(outcome_fd, text.data() + at, text.size() - at);
        if (written < 0) return false;
        at += static_cast<std::size_t>(written);
    }
    return true;
}

}  // namespace

int main() {
    spdlog::set_default_logger(spdlog::stderr_color_mt("bourse-task"));
    spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%f %l %v");
    const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
    CancelWatch watch;
    Outcome outcome;
    try {
        work(nlohmann::json::parse(input), watch);
        injection_point(Point::task_after_commit);
        outcome.completed = true;
    } catch (...) {
        outcome = outcome_of(std::current_exception(), watch.cancelled());
    }
    const bool written = write_outcome(outcome);
    injection_point(Point::task_after_outcome);
    return written ? 0 : 1;
}
