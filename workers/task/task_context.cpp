#include "workers/task/task_context.hpp"

#include <spdlog/spdlog.h>

#include "core/error.hpp"
#include "workers/task/outcome.hpp"

namespace bourse::workers {
namespace {

constexpr auto report_interval = std::chrono::milliseconds(250);
constexpr auto pause_after_failure = std::chrono::seconds(5);

std::string to_text(const nlohmann::json& json) {  // bytes that are no UTF-8 must not fail a job at its end
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string name_of(const Job& job) { return "bourse-task " + job.kind + " " + std::to_string(job.id); }

}  // namespace

TaskContext::TaskContext(const std::string& conninfo, const Job& job, CancelWatch& watch)
    : conninfo_(conninfo), job_(job), watch_(watch), database_(conninfo, name_of(job)) {
    // A killed child must not leave its statement running to the end.
    database_.set_variable("client_connection_check_interval", "1000");
    database_.set_variable("client_min_messages", "error");  // libpq would print them into the worker's log
    watch_.guard(database_);
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
        reporting_ = std::make_unique<Connection>(conninfo_, name_of(job_) + " progress");
        reporting_->set_variable("lock_timeout", "500");  // the job's row may be locked by its own completion
        reporting_->set_variable("statement_timeout", "2000");
    }
    pqxx::nontransaction tx(*reporting_);
    tx.exec_params("SELECT bourse.job_progress($1, $2, $3, $4, $5, $6::jsonb)", job_.id, job_.attempt, stage, ratio,
                   message, to_text(values));
}

void TaskContext::complete(pqxx::transaction_base& tx, const nlohmann::json& result) {
    try {
        tx.exec_params("SELECT bourse.job_complete($1, $2, $3::jsonb)", job_.id, job_.attempt, to_text(result));
    } catch (const pqxx::sql_error& e) {
        if (e.sqlstate() != "MB050") throw;
        throw Error(ErrorKind::lost_lease,
                    "attempt " + std::to_string(job_.attempt) + " does not hold job " + std::to_string(job_.id));
    }
    complete_called_ = true;
}

}  // namespace bourse::workers
