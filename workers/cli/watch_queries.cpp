#include "workers/cli/watch_queries.hpp"

#include <string>

namespace bourse::cli {
namespace {

// Run and job of one id; an ended job wins over what the run last said. why_waiting is asked for what waits only.
const std::string progress_sql = R"(
SELECT x.id, coalesce(j.kind, 'train') AS kind,
    coalesce(r.model || ' · ' || r.algorithm || coalesce(' on ' || r.feature_set || ':' || r.feature_set_version, ''), '') AS subject,
    coalesce(j.state, r.state) AS state, coalesce(j.attempt, r.attempt, 0) AS attempt, coalesce(j.max_attempts, 0) AS max_attempts,
    coalesce(r.stage, j.stage, '') AS stage, coalesce(r.note, j.progress_note, '') AS note, coalesce(r.error, j.last_error, '') AS error,
    CASE WHEN j.state IN ('waiting', 'scheduled') THEN coalesce((SELECT w.detail FROM bourse.why_waiting(j.job_id) AS w LIMIT 1), '') ELSE '' END AS why_waiting,
    coalesce(r.progress_ratio, j.progress_ratio) AS ratio, coalesce(r.round, 0) AS round, coalesce(r.rounds, 0) AS rounds,
    r.train_metric, r.valid_metric, extract(epoch FROM r.eta_at - now())::float8 AS eta_s,
    extract(epoch FROM coalesce(j.finished_at, r.finished_at, now()) - coalesce(j.started_at, r.started_at))::float8 AS elapsed_s,
    coalesce(CASE WHEN r.version IS NOT NULL THEN r.model || ':' || r.version ||
        coalesce((SELECT ', ' || string_agg('test ' || m.metric || ' ' || round(m.value::numeric, 4), ', ' ORDER BY m.metric)
                  FROM bourse.run_metric AS m
                  WHERE m.run_id = r.run_id AND m.span = 'test' AND m.step = 0 AND m.metric IN ('ic', 'rank_ic') AND m.value <> 'NaN'), '') END, '') AS result
)";

Progress progress_of(const pqxx::row& row) {
    const auto number = [&row](const char* name) {
        return row[name].is_null() ? unknown_value : row[name].as<double>();
    };
    Progress p;
    p.id = row["id"].as<std::int64_t>();
    p.kind = row["kind"].c_str();
    p.subject = row["subject"].c_str();
    p.state = row["state"].c_str();
    p.attempt = row["attempt"].as<int>();
    p.max_attempts = row["max_attempts"].as<int>();
    p.stage = row["stage"].c_str();
    p.note = row["note"].c_str();
    p.error = row["error"].c_str();
    p.why_waiting = row["why_waiting"].c_str();
    p.ratio = number("ratio");
    p.round = row["round"].as<int>();
    p.rounds = row["rounds"].as<int>();
    p.train_metric = number("train_metric");
    p.valid_metric = number("valid_metric");
    p.eta_s = number("eta_s");
    p.elapsed_s = number("elapsed_s");
    p.result = row["result"].c_str();
    return p;
}

}  // namespace

std::optional<Progress> read_progress(workers::Connection& connection, std::int64_t id) {
    pqxx::nontransaction tx(connection);
    const auto rows = tx.exec_params(progress_sql + R"(
FROM (SELECT $1::bigint AS id) AS x
LEFT JOIN LATERAL (SELECT * FROM bourse_bi.job WHERE job_id = x.id ORDER BY finished_at DESC NULLS FIRST LIMIT 1) AS j ON true
LEFT JOIN bourse_bi.run AS r ON r.run_id = x.id
WHERE j.job_id IS NOT NULL OR r.run_id IS NOT NULL LIMIT 1)",
                                     id);
    if (rows.empty()) return std::nullopt;
    return progress_of(rows[0]);
}

std::vector<Progress> read_unfinished(workers::Connection& connection, int limit) {
    pqxx::nontransaction tx(connection);
    std::vector<Progress> all;
    for (const auto& row : tx.exec_params(progress_sql + R"(
FROM (SELECT job_id AS id FROM bourse.job ORDER BY state <> 'running', priority, run_at, job_id LIMIT $1) AS x
JOIN bourse_bi.job AS j ON j.job_id = x.id AND j.finished_at IS NULL
LEFT JOIN bourse_bi.run AS r ON r.run_id = x.id
ORDER BY j.state <> 'running', j.priority, j.run_at, j.job_id)",
                                          limit))
        all.push_back(progress_of(row));
    return all;
}

SaidLines read_lines_after(workers::Connection& connection, std::int64_t job, const SaidLine& after, int most) {
    pqxx::nontransaction tx(connection);
    SaidLines said;
    // U+0080 to U+009F are control codes, too; the worker has taken the others away.
    for (const auto& row : tx.exec_params(R"(
SELECT l.attempt, l.line, to_char(l.at, 'HH24:MI:SS'), l.level, regexp_replace(l.message, '[\u0080-\u009f]', ' ', 'g'), l.lines
FROM (SELECT *, count(*) OVER () AS lines FROM bourse_bi.job_log WHERE job_id = $1 AND (attempt, line) > ($2, $3)
      ORDER BY attempt DESC, line DESC, at DESC LIMIT $4) AS l
ORDER BY l.attempt, l.line, l.at)",
                                          job, after.attempt, after.line, most)) {
        said.lines.push_back({row[0].as<int>(), row[1].as<int>(), row[2].c_str(), row[3].c_str(), row[4].c_str()});
        said.before = row[5].as<std::int64_t>();
    }
    said.before -= static_cast<std::int64_t>(said.lines.size());
    return said;
}

bool said_everything(workers::Connection& connection, std::int64_t job, int attempt) {
    pqxx::nontransaction tx(connection);
    return tx
        .exec_params1("SELECT EXISTS (SELECT FROM bourse_bi.job_usage WHERE job_id = $1 AND attempt = $2)", job,
                      attempt)[0]
        .as<bool>();
}

}  // namespace bourse::cli
