#include "workers/task/training/run_watch.hpp"

#include <cmath>
#include <cstdio>

#include "core/error.hpp"

namespace bourse::workers {
namespace {

constexpr auto visit_interval = std::chrono::milliseconds(500);

// A stale attempt must not mix its numbers with those of the attempt that holds the job.
void require_lease(pqxx::transaction_base& tx, const Job& job) {
    const auto held = tx.exec_params("SELECT FROM bourse.job WHERE job_id = $1 AND attempt = $2 AND state = 'running'",
                                     job.id, job.attempt);
    if (held.empty())
        throw Error(ErrorKind::lost_lease,
                    "attempt " + std::to_string(job.attempt) + " does not hold job " + std::to_string(job.id));
}

std::string array_of(const std::vector<training::Round>& rounds, double (*value)(const training::Round&)) {
    std::string literal = "{";
    for (const auto& round : rounds) {
        char text[40];
        std::snprintf(text, sizeof text, "%s%.17g", literal.size() > 1 ? "," : "", value(round));
        literal += text;
    }
    return literal + "}";
}

void write_curve(pqxx::transaction_base& tx, const Job& job, const std::vector<training::Round>& rounds) {
    tx.exec_params(
        "INSERT INTO bourse.run_metric (run_id, span, metric, step, value) "
        "SELECT $1, c.span, $5, c.round, c.value FROM (SELECT 'train' AS span, r AS round, t AS value FROM "
        "unnest($2::int[], $3::float8[]) AS u(r, t) "
        "UNION ALL SELECT 'valid', r, v FROM unnest($2::int[], $4::float8[]) AS u(r, v)) AS c WHERE c.value <> 'NaN' "
        "ON CONFLICT (run_id, span, metric, step) DO UPDATE SET value = excluded.value",
        job.id, array_of(rounds, [](const training::Round& r) { return static_cast<double>(r.round); }),
        array_of(rounds, [](const training::Round& r) { return r.train_metric; }),
        array_of(rounds, [](const training::Round& r) { return r.valid_metric; }), rounds.front().metric);
}

}  // namespace

RunWatch::RunWatch(const Job& job, Context& context, double from, double to)
    : job_(job),
      context_(context),
      interrupts_(context.interrupts()),
      from_(from),
      to_(to),
      began_(Clock::now()),
      next_visit_(began_) {}

bool RunWatch::on_round(const training::Round& round) {
    check(interrupts_);
    tell(round);
    unwritten_.push_back(round);
    if (Clock::now() >= next_visit_) {
        flush();
        next_visit_ = Clock::now() + visit_interval;
    }
    return !stop_;
}

void RunWatch::tell(const training::Round& round) {
    const double done = static_cast<double>(round.round) / round.rounds;
    const double seconds = std::chrono::duration<double>(Clock::now() - began_).count();
    nlohmann::json values{{"round", round.round},
                          {"rounds", round.rounds},
                          {"train_metric", round.train_metric},
                          {"eta_s", seconds / done * (1 - done)}};
    char note[160];
    if (std::isnan(round.valid_metric)) {
        std::snprintf(note, sizeof note, "round %d of at most %d, train %.6g", round.round, round.rounds,
                      round.train_metric);
    } else {
        values["valid_metric"] = round.valid_metric;
        std::snprintf(note, sizeof note, "round %d of at most %d, train %.6g, valid %.6g", round.round, round.rounds,
                      round.train_metric, round.valid_metric);
    }
    context_.progress("train", from_ + (to_ - from_) * done, note, values);
}

void RunWatch::flush() {
    pqxx::work tx(context_.database(), "learning curve");
    require_lease(tx, job_);
    if (!unwritten_.empty()) write_curve(tx, job_, unwritten_);
    stop_ = tx.exec_params1("SELECT stop_requested_at IS NOT NULL FROM bourse.run WHERE run_id = $1", job_.id)[0]
                .as<bool>();
    tx.commit();
    unwritten_.clear();
}

void begin_run(pqxx::transaction_base& tx, const Job& job) {
    require_lease(tx, job);
    // A stop asked for before the run ended is over once the run is tried again by hand.
    tx.exec_params(
        "UPDATE bourse.run SET state = 'running', started_at = coalesce(started_at, clock_timestamp()), finished_at = "
        "NULL, error = NULL, "
        "stop_requested_at = CASE WHEN stop_requested_at > finished_at OR finished_at IS NULL THEN stop_requested_at "
        "END WHERE run_id = $1",
        job.id);
    tx.exec_params("DELETE FROM bourse.run_metric WHERE run_id = $1", job.id);
    log_run(tx, job, "info", "attempt " + std::to_string(job.attempt) + " began");
}

void log_run(pqxx::transaction_base& tx, const Job& job, const std::string& level, const std::string& message) {
    tx.exec_params("INSERT INTO bourse.run_log (run_id, level, message) VALUES ($1, $2, $3)", job.id, level, message);
}

}  // namespace bourse::workers
