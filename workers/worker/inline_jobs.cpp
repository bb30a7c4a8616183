// The part of the daemon that does jobs of inline kinds: by batches, and one by one when a batch has failed.
#include <spdlog/spdlog.h>

#include "workers/task/outcome.hpp"
#include "workers/worker/worker.hpp"

namespace bourse::workers {

using std::chrono::milliseconds;

// When one job of a batch fails, all are given back and claimed, so that each has its own outcome. Nothing stays open
// behind it: a claim could wait for what a batch has locked. Children and signals wait for a fifth of a second at most.
int Worker::take_due(Connection& working) {
    if (!taker_) return 0;
    if (taker_->take_failure()) {
        look_ = true;
        return found_jobs(claim_inline(working, inline_kinds(options_.kinds)));
    }
    const auto until = Clock::now() + milliseconds(200);
    std::size_t done = 0;
    do done += static_cast<std::size_t>(taker_->round(Clock::now() >= until));
    while (taker_->pending());
    if (taker_->failed()) look_ = true;
    return found_jobs(done);
}

// Their leases are kept up meanwhile, and only meanwhile: what a lost session leaves undone is for others.
std::size_t Worker::claim_inline(Connection& working, const std::vector<std::string>& kinds) {
    const auto claimed = claim(working, options_, kinds, 100);
    const auto for_each = [&](auto what) {
        for (const auto& c : claimed) what(Attempt{c.job.id, c.job.attempt});
    };
    for_each([&](const Attempt& attempt) { heartbeat_->track(attempt); });
    try {
        for (const auto& c : claimed) do_inline(working, c.job);
    } catch (...) {
        for_each([&](const Attempt& attempt) { heartbeat_->untrack(attempt); });
        throw;
    }
    for_each([&](const Attempt& attempt) { heartbeat_->untrack(attempt); });
    return claimed.size();
}

int Worker::found_jobs(std::size_t count) {
    if (count == 0) return 0;
    alarms_.brought_jobs();
    asleep_ = false;  // the claim has said so
    look_ = true;
    return static_cast<int>(count);
}

void Worker::do_inline(Connection& working, const Job& job) {
    Outcome outcome;
    try {
        inline_handler(job.kind)(job);
        outcome.completed = true;
    } catch (...) {
        outcome = outcome_of(std::current_exception(), false);
    }
    try {
        if (outcome.completed) {
            complete(working, job);
        } else {
            const auto error = describe(outcome);
            const auto state = fail(working, job, error, outcome.retryable);
            spdlog::warn("event=job_not_done job={} kind={} attempt={} state={} error=\"{}\"", job.id, job.kind,
                         job.attempt, state, error);
        }
    } catch (const pqxx::broken_connection&) {
        throw;
    } catch (const pqxx::failure& e) {
        spdlog::warn("event=job_not_settled job={} kind={} attempt={} error=\"{}\"", job.id, job.kind, job.attempt,
                     one_line(e.what()));
    }
}

}  // namespace bourse::workers
