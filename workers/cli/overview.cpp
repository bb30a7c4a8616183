#include "workers/cli/overview.hpp"

#include "workers/cli/migrator.hpp"

namespace bourse::cli {
namespace {

using nlohmann::json;

// The time zone is the database's own, not this session's.
constexpr const char* basics_sql = R"(
SELECT jsonb_build_object(
    'database', current_database(), 'user', session_user,
    'server', current_setting('server_version'), 'server_version', current_setting('server_version_num')::int,
    'timezone', coalesce((SELECT split_part(s, '=', 2) FROM pg_db_role_setting AS r, unnest(r.setconfig) AS s
                          WHERE r.setrole = 0 AND r.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
                              AND lower(split_part(s, '=', 1)) = 'timezone'),
                         (SELECT reset_val FROM pg_settings WHERE name = 'TimeZone')),
    'encoding', pg_encoding_to_char((SELECT encoding FROM pg_database WHERE datname = current_database())),
    'size_bytes', pg_database_size(current_database()),
    'extension_installed', (SELECT extversion FROM pg_extension WHERE extname = 'bourse'),
    'set_up', to_regclass('bourse.sql_object') IS NOT NULL)
)";

constexpr const char* content_sql = R"(
SELECT jsonb_build_object(
'workers', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'worker', worker, 'host', host, 'pid', pid, 'version', version, 'kinds', kinds, 'slots', slots, 'running', running,
        'sleeping', sleeping, 'heartbeat_age_s', extract(epoch FROM now() - heartbeat_at), 'cpus', cpus, 'load', load,
        'memory_used_mb', memory_used_mb, 'memory_total_mb', memory_total_mb, 'disk_free_mb', disk_free_mb) ORDER BY worker), '[]')
    FROM bourse.worker WHERE stopped_at IS NULL),
'jobs', (SELECT coalesce(jsonb_agg(j ORDER BY kind, state), '[]')
    FROM (SELECT kind, state, count(*) AS jobs FROM bourse.job GROUP BY kind, state) AS j),
'finished', (SELECT coalesce(jsonb_agg(j ORDER BY kind, state), '[]')
    FROM (SELECT kind, state, count(*) AS jobs FROM bourse.job_archive
          WHERE finished_at > now() - interval '1 day' GROUP BY kind, state) AS j),
'waiting', (SELECT coalesce(jsonb_agg(w ORDER BY oldest_age_s DESC), '[]')
    FROM (SELECT j.kind, count(*) AS jobs, extract(epoch FROM now() - min(j.run_at)) AS oldest_age_s,
              (array_agg(j.job_id ORDER BY j.run_at, j.job_id))[1] AS oldest_job_id,
              EXISTS (SELECT FROM bourse.job_kind AS k WHERE k.kind = j.kind AND k.signs) AS signs
          FROM bourse.job AS j
          WHERE j.state IN ('waiting', 'scheduled') AND j.run_at <= now() AND j.blocked_by = 0
              AND NOT EXISTS (SELECT FROM bourse.paused_queue AS p WHERE p.queue = j.queue)
          GROUP BY j.kind) AS w),
'paused', (SELECT coalesce(jsonb_agg(p ORDER BY queue), '[]')
    FROM (SELECT p.queue, p.paused_by, extract(epoch FROM now() - p.paused_at) AS age_s,
              (SELECT count(*) FROM bourse.job AS j WHERE j.queue = p.queue AND j.state <> 'running') AS jobs
          FROM bourse.paused_queue AS p) AS p),
'schedules', (SELECT coalesce(jsonb_agg(s ORDER BY name), '[]')
    FROM (SELECT s.name, s.spec, s.calendar, s.kind, s.state, s.error, s.last_job_state, extract(epoch FROM s.next_run_at - now()) AS due_s,
              c.last_session, coalesce(c.ends_soon, false) AS ends_soon
          FROM bourse_bi.schedule AS s LEFT JOIN bourse_bi.calendar AS c USING (calendar)) AS s),
'paused_jobs', (SELECT coalesce(jsonb_agg(p ORDER BY job_id), '[]')
    FROM (SELECT j.job_id, j.kind, j.paused_by, extract(epoch FROM now() - j.paused_at) AS age_s
          FROM bourse.job AS j WHERE j.paused_at IS NOT NULL ORDER BY j.job_id LIMIT 20) AS p),
'stragglers', (SELECT coalesce(jsonb_agg(s), '[]')
    FROM (SELECT 'job_archive' AS name, count(*) AS rows FROM (SELECT FROM bourse.job_archive_default LIMIT 100001) AS a
          UNION ALL SELECT 'job_log', count(*) FROM (SELECT FROM bourse.job_log_default LIMIT 100001) AS l
          UNION ALL SELECT 'job_usage', count(*) FROM (SELECT FROM bourse.job_usage_default LIMIT 100001) AS u) AS s
    WHERE s.rows > 0),
'running', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'job_id', job_id, 'kind', kind, 'worker', worker, 'attempt', attempt, 'stage', stage, 'progress_ratio', progress_ratio,
        'age_s', extract(epoch FROM now() - started_at), 'lease_over_s', extract(epoch FROM now() - leased_until)) ORDER BY job_id), '[]')
    FROM bourse.job WHERE state = 'running'),
'dead', (SELECT coalesce(jsonb_agg(d ORDER BY finished_at DESC), '[]')
    FROM (SELECT job_id, kind, state, finished_at, last_error FROM bourse.job_archive
          WHERE state IN ('dead', 'failed') AND finished_at > now() - interval '7 days' ORDER BY finished_at DESC LIMIT 20) AS d),
'loads', (SELECT coalesce(jsonb_agg(l ORDER BY age_s), '[]')
    FROM (SELECT data_version_id, coalesce(f.path, v.source) AS source, coalesce(f.state, 'loaded') AS state, f.reason,
              extract(epoch FROM now() - coalesce(v.made_at, f.imported_at)) AS age_s,
              v.rows_read, v.rows_loaded, v.rows_changed, v.rows_rejected
          FROM bourse.data_version AS v FULL JOIN bourse.data_file AS f USING (data_version_id)
          ORDER BY coalesce(v.made_at, f.imported_at) DESC LIMIT 5) AS l),
'feature_sets', (SELECT coalesce(jsonb_agg(s ORDER BY name, version), '[]')
    FROM (SELECT s.name, s.version, s.freq, cardinality(s.features) AS features, s.materialized,
              (SELECT max(v.ts) FROM bourse.feature_value AS v WHERE v.feature_set_id = s.feature_set_id) AS newest_ts,
              (SELECT count(*) FROM bourse.feature_dirty AS d WHERE d.feature_set_id = s.feature_set_id) AS dirty_rows,
              (SELECT extract(epoch FROM now() - min(d.made_at)) FROM bourse.feature_dirty AS d
               WHERE d.feature_set_id = s.feature_set_id) AS dirty_age_s,
              extract(epoch FROM now() - t.refreshed_at) AS refreshed_age_s
          FROM bourse.feature_set AS s LEFT JOIN bourse.feature_state AS t USING (feature_set_id)) AS s),
'models', (SELECT coalesce(jsonb_agg(m ORDER BY age_s), '[]')
    FROM (SELECT m.name AS model, v.version, t.stage, v.algorithm, s.name || ':' || s.version AS feature_set, v.run_id,
              extract(epoch FROM now() - v.created_at) AS age_s,
              (SELECT r.value FROM bourse.run_metric AS r
               WHERE r.run_id = v.run_id AND r.span = 'test' AND r.metric = 'rank_ic' AND r.step = 0 AND r.value <> 'NaN') AS rank_ic
          FROM bourse.model_version AS v JOIN bourse.model AS m USING (model_id)
          LEFT JOIN bourse.model_stage AS t USING (model_version_id) LEFT JOIN bourse.feature_set AS s USING (feature_set_id)
          ORDER BY v.created_at DESC, v.model_version_id DESC LIMIT 10) AS m),
'runs', (SELECT coalesce(jsonb_agg(r ORDER BY run_id), '[]')
    FROM (SELECT r.run_id, r.model, r.algorithm, r.state, r.stage, r.progress_ratio, r.round, r.rounds
          FROM bourse_bi.run AS r
          WHERE r.state IN ('waiting', 'running')) AS r)
)
)";

}  // namespace

json read_basics(workers::Connection& connection) {
    json basics;
    {
        pqxx::nontransaction tx(connection);
        basics = json::parse(tx.exec(basics_sql)[0][0].c_str());
    }
    basics["program"] = BOURSE_VERSION;
    basics["pending"] = json::array();
    basics["unknown"] = json::array();
    for (const auto& step : Migrator(connection).status()) {
        if (step.state == StepState::applied) continue;
        basics[step.state == StepState::unknown ? "unknown" : "pending"].push_back(step.kind + " " + step.name);
    }
    return basics;
}

json read_content(workers::Connection& connection) {
    pqxx::nontransaction tx(connection);
    return json::parse(tx.exec(content_sql)[0][0].c_str());
}

}  // namespace bourse::cli
