#include "workers/worker/settle.hpp"

#include <csignal>
#include <cstring>

#include <spdlog/spdlog.h>

#include "workers/task/outcome.hpp"

namespace bourse::workers {
namespace {

struct Verdict {
    std::string error;
    bool retryable = true;
};

std::string megabytes(int memory_mb) {
    return std::to_string(memory_mb) + " MB (memory_mb of its kind or of resources)";
}

Outcome read_outcome(const ChildEnd& end) {
    if (!end.outcome.empty()) {  // whatever happened to the process afterwards
        try {
            return outcome_from_json(nlohmann::json::parse(end.outcome));
        } catch (const nlohmann::json::exception& e) {
            spdlog::error("event=outcome_unreadable error=\"{}\"", e.what());
        }
    }
    return {};
}

Verdict judge(const Ended& ended, const Outcome& outcome) {
    if (ended.reason == StopReason::timeout)
        return {"ran longer than its timeout of " + std::to_string(static_cast<long>(ended.job.timeout_s * 1000)) +
                " ms"};
    if (ended.reason == StopReason::cancel) return {"cancelled"};
    if (!outcome.message.empty() || !outcome.sqlstate.empty()) {
        Verdict verdict{describe(outcome), outcome.retryable};
        if (outcome.sqlstate == "53200") verdict.error += ": its limit is " + megabytes(ended.memory_mb);
        return verdict;
    }
    if (ended.end.signal == SIGXCPU) return {"its child used up its processor time"};
    if (ended.end.signal != 0) {
        Verdict verdict{"its child died of signal " + std::to_string(ended.end.signal) + " (" +
                        strsignal(ended.end.signal) + ")"};
        if (ended.end.signal == SIGKILL) verdict.error += "; the kernel does that when memory runs out";
        return verdict;
    }
    if (ended.end.exit_code == 127) return {"bourse-task could not be started: it must lie beside the program bourse"};
    return {"its child ended with exit code " + std::to_string(ended.end.exit_code) + " and no outcome"};
}

void tell(Connection& connection, const Ended& ended, const Outcome& outcome) {
    const Job& job = ended.job;
    const auto ms = ended.ran.count();
    if (ended.reason == StopReason::shutdown) {
        release(connection, job, "the worker was stopped");
        spdlog::info("event=job_released job={} kind={} attempt={} ms={}", job.id, job.kind, job.attempt, ms);
        return;
    }
    const auto verdict = judge(ended, outcome);
    const auto state = fail(connection, job, verdict.error, verdict.retryable, &ended.end);
    const auto level =
        state == "scheduled" || state == "waiting" || state == "cancelled" ? spdlog::level::warn : spdlog::level::err;
    spdlog::log(level, "event=job_not_done job={} kind={} attempt={} ms={} state={} error=\"{}\"", job.id, job.kind,
                job.attempt, ms, state, verdict.error);
}

}  // namespace

void settle(Connection& connection, const Ended& ended) {
    const auto outcome = read_outcome(ended.end);
    const Job& job = ended.job;
    if (outcome.completed) {
        spdlog::info("event=job_done job={} kind={} attempt={} ms={}", job.id, job.kind, job.attempt,
                     ended.ran.count());
        return;
    }
    if (outcome.lost || ended.reason == StopReason::lost) {
        spdlog::warn("event=job_lost job={} kind={} attempt={} ms={}", job.id, job.kind, job.attempt,
                     ended.ran.count());
        return;
    }
    try {
        tell(connection, ended, outcome);
    } catch (const pqxx::broken_connection&) {
        throw;
    } catch (const pqxx::transaction_rollback&) {  // a deadlock: the session begins anew and tells it again
        throw;
    } catch (const pqxx::failure&
                 e) {  // MB050 after a completion whose answer was lost; anything else heals when the lease ends
        spdlog::warn("event=job_not_settled job={} kind={} attempt={} error=\"{}\"", job.id, job.kind, job.attempt,
                     one_line(e.what()));
    }
}

}  // namespace bourse::workers
