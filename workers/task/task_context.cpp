#include "workers/task/task_context.hpp"

#include <poll.h>
#include <unistd.h>

#include <spdlog/spdlog.h>

#include "core/error.hpp"
#include "workers/common/conninfo.hpp"
#include "workers/common/injection.hpp"
#include "workers/common/keepalive.hpp"
#include "workers/common/sha256.hpp"
#include "workers/common/sign_socket.hpp"
#include "workers/task/outcome.hpp"

namespace bourse::workers {
namespace {

constexpr auto report_interval = std::chrono::milliseconds(250);
constexpr auto pause_after_failure = std::chrono::seconds(5);

std::string to_text(const nlohmann::json& json) {  // bytes that are no UTF-8 must not fail a job at its end
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string name_of(const Job& job) { return "bourse-task " + job.kind + " " + std::to_string(job.id); }

[[noreturn]] void throw_refusal(const nlohmann::json& reply) {
    const auto state = reply.at("sqlstate").get<std::string>();
    const auto kind = state == sqlstate(ErrorKind::corrupt_artifact) ? ErrorKind::corrupt_artifact
                      : state == sqlstate(ErrorKind::too_large)      ? ErrorKind::too_large
                                                                     : ErrorKind::internal;
    throw Error(kind, "the worker does not sign this: " + reply.at("message").get<std::string>(),
                reply.at("hint").get<std::string>());
}

}  // namespace

TaskContext::TaskContext(const std::string& conninfo, bool pooled, const Job& job, CancelWatch& watch,
                         std::chrono::milliseconds patience)
    : conninfo_(conninfo), job_(job), watch_(watch), database_(with_stall_limit(conninfo), name_of(job)) {
    database_.drop_notices();
    if (!pooled) {
        let_server_notice_our_end(database_);
        // A killed child must not leave its statement running to the end.
        database_.set_variable("client_connection_check_interval", "1000");
        database_.set_variable("client_min_messages", "error");
    }
    watch_.guard(database_);
    if (!pooled) answer_watch_ = std::make_unique<AnswerWatch>(database_, conninfo, name_of(job), patience);
}

void TaskContext::progress(const std::string& stage, double ratio, const std::string& message,
                           const nlohmann::json& values) {
    const auto now = Clock::now();
    const bool always = stage != last_stage_ || ratio >= 1;
    if (!always && now < next_report_) return;
    next_report_ = now + report_interval;
    last_stage_ = stage;
    try {
        send_progress(stage, ratio, message, values);
    } catch (const std::exception& e) {  // progress is for people: the job goes on without
        spdlog::warn("event=progress_failed job={} error=\"{}\"", job_.id, one_line(e.what()));
        reporting_.reset();
        next_report_ = now + pause_after_failure;
    }
}

void TaskContext::send_progress(const std::string& stage, double ratio, const std::string& message,
                                const nlohmann::json& values) {
    if (!reporting_) {
        reporting_ = std::make_unique<Connection>(conninfo_, name_of(job_) + " progress", pause_after_failure);
        reporting_->drop_notices();
    }
    injection_point(Point::task_before_progress);
    const Deadline deadline(*reporting_, reporting_->patience());
    pqxx::work tx(*reporting_, "progress");
    // The job's row may be locked by its own completion.
    tx.exec("SET LOCAL lock_timeout = 500; SET LOCAL statement_timeout = 2000");
    give_up_when_silent(tx);
    tx.exec_params("SELECT bourse.job_progress($1, $2, $3, $4, $5, $6::jsonb)", job_.id, job_.attempt, stage, ratio,
                   message, to_text(values));
    tx.commit();
    injection_point(Point::task_after_progress);
}

// By way of standard error, which the worker reads: what a child says before it crashes is kept too.
void TaskContext::log(LogLevel level, const std::string& message) {
    const auto as = level == LogLevel::error     ? spdlog::level::err
                    : level == LogLevel::warning ? spdlog::level::warn
                                                 : spdlog::level::info;
    spdlog::log(as, one_line(message));
}

void TaskContext::complete(pqxx::transaction_base& tx, const nlohmann::json& result) {
    injection_point(Point::task_before_complete);
    give_up_when_silent(tx);
    try {
        tx.exec_params("SELECT bourse.job_complete($1, $2, $3::jsonb)", job_.id, job_.attempt, to_text(result));
    } catch (const pqxx::sql_error& e) {
        if (e.sqlstate() != "MB050") throw;
        throw Error(ErrorKind::lost_lease,
                    "attempt " + std::to_string(job_.attempt) + " does not hold job " + std::to_string(job_.id));
    }
    complete_called_ = true;
    injection_point(Point::task_before_commit);
}

Signed TaskContext::sign(const std::string& model, std::span<const std::byte> artifact) {
    const int file = sealed_file(artifact);
    try {
        send_packet(sign_fd_of_child, {{"model", model}}, file);
    } catch (...) {
        close(file);
        throw;
    }
    close(file);
    const auto interrupts = watch_.interrupts();
    for (pollfd waiting{sign_fd_of_child, POLLIN, 0}; ::poll(&waiting, 1, 50) <= 0;) check(interrupts);
    const auto packet = receive_packet(sign_fd_of_child);
    if (packet.closed) throw Error(ErrorKind::internal, "the worker went away instead of signing");
    const auto reply = nlohmann::json::parse(packet.text);
    if (reply.contains("sqlstate")) throw_refusal(reply);
    Signed result;
    from_hex(reply.at("signature").get<std::string>(), result.signature);
    from_hex(reply.at("public_key").get<std::string>(), result.public_key);
    return result;
}

}  // namespace bourse::workers
