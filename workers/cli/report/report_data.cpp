#include "workers/cli/report/report_data.hpp"

#include <pqxx/pqxx>

#include "core/error.hpp"

namespace bourse::cli::report {
namespace {

using nlohmann::json;

constexpr const char* run_sql = R"(
SELECT to_jsonb(r) || jsonb_build_object('seconds', extract(epoch FROM coalesce(r.finished_at, now()) - r.started_at))
FROM bourse.run AS r WHERE r.run_id = $1
)";

constexpr const char* parts_sql = R"(
WITH version AS (
    SELECT v.*, m.name AS model, t.stage, encode(a.sha256, 'hex') AS artifact_sha256, a.size_bytes
    FROM bourse.model_version AS v JOIN bourse.model AS m USING (model_id) JOIN bourse.artifact AS a USING (artifact_id)
    LEFT JOIN bourse.model_stage AS t USING (model_version_id)
    WHERE v.run_id = $1 ORDER BY v.version DESC LIMIT 1),
names AS (
    SELECT 'feature_set' AS kind, feature_set_id::text AS id, name || ':' || version AS name FROM bourse.feature_set
    UNION ALL SELECT 'model_version', v.model_version_id::text, m.name || ':' || v.version FROM bourse.model_version AS v JOIN bourse.model AS m USING (model_id)),
last_drift AS (
    SELECT d.* FROM bourse.drift_result AS d JOIN version USING (model_version_id)
    WHERE d.checked_at = (SELECT max(e.checked_at) FROM bourse.drift_result AS e WHERE e.model_version_id = d.model_version_id))
SELECT jsonb_build_object(
'version', (SELECT to_jsonb(v) FROM version AS v),
'feature_set', (SELECT to_jsonb(s) FROM bourse.feature_set AS s JOIN bourse.run AS r USING (feature_set_id) WHERE r.run_id = $1),
'metrics', (SELECT coalesce(jsonb_agg(jsonb_build_object('span', span, 'metric', metric, 'value', value) ORDER BY metric, span), '[]')
            FROM bourse.run_metric WHERE run_id = $1 AND step = 0),
'curves', (SELECT coalesce(jsonb_agg(jsonb_build_object('span', span, 'metric', metric, 'step', step, 'value', value)
                                     ORDER BY metric, span, step), '[]')
           FROM bourse.run_metric WHERE run_id = $1 AND step > 0),
'importance', (SELECT coalesce(jsonb_agg(jsonb_build_object('feature', i.feature, 'kind', i.kind, 'value', i.value)
                                         ORDER BY i.kind, i.value DESC, i.feature), '[]')
               FROM bourse.importance AS i JOIN version USING (model_version_id)),
'drift', (SELECT jsonb_build_object('checked_at', min(checked_at), 'from_ts', min(from_ts), 'to_ts', max(to_ts), 'rows',
              jsonb_agg(to_jsonb(d) ORDER BY array_position(ARRAY['severe', 'moderate', 'none'], verdict), psi DESC NULLS LAST, feature))
          FROM last_drift AS d HAVING count(*) > 0),
'data_versions', (SELECT coalesce(jsonb_agg(to_jsonb(v) || jsonb_build_object('path', f.path, 'sha256', encode(f.sha256, 'hex'))
                                            ORDER BY v.data_version_id), '[]')
                  FROM bourse.data_version AS v LEFT JOIN bourse.data_file AS f USING (data_version_id)
                  WHERE v.data_version_id = ANY ((SELECT r.data_version_ids FROM bourse.run AS r WHERE r.run_id = $1)::bigint[])),
'lineage', (WITH RECURSIVE up AS (
                SELECT e.* FROM bourse.lineage_edge AS e WHERE (e.to_kind, e.to_id) = ('run', $1::text)
                UNION
                SELECT e.* FROM bourse.lineage_edge AS e JOIN up ON (e.to_kind, e.to_id) = (up.from_kind, up.from_id))
            SELECT coalesce(jsonb_agg(to_jsonb(x) || jsonb_build_object('from_name', f.name, 'to_name', t.name) ORDER BY made_at, from_kind, from_id), '[]')
            FROM (SELECT * FROM up UNION SELECT * FROM bourse.lineage_edge AS e WHERE (e.from_kind, e.from_id) = ('run', $1::text)) AS x,
                LATERAL (SELECT coalesce((SELECT n.name FROM names AS n WHERE (n.kind, n.id) = (x.from_kind, x.from_id)), x.from_id) AS name) AS f,
                LATERAL (SELECT coalesce((SELECT n.name FROM names AS n WHERE (n.kind, n.id) = (x.to_kind, x.to_id)), x.to_id) AS name) AS t),
'log', (SELECT coalesce(jsonb_agg(to_jsonb(l) ORDER BY logged_at), '[]')
        FROM (SELECT logged_at, level, message FROM bourse.run_log WHERE run_id = $1 ORDER BY logged_at DESC LIMIT 200) AS l)
)
)";

// The label's frequency is the feature set's. Without statistics about fresh rows the planner would loop over them.
constexpr const char* days_sql = R"(
WITH version AS MATERIALIZED (
    SELECT v.model_version_id, coalesce(v.label, r.label) AS label, coalesce(s.freq, '1d') AS freq
    FROM bourse.model_version AS v JOIN bourse.run AS r USING (run_id)
    LEFT JOIN bourse.feature_set AS s ON s.feature_set_id = v.feature_set_id
    WHERE v.run_id = $1 ORDER BY v.version DESC LIMIT 1),
grouped AS (
    SELECT p.ts, p.prediction, o.outcome, ntile(5) OVER (PARTITION BY p.ts ORDER BY p.prediction, p.instrument_id) AS fifth
    FROM bourse.prediction AS p
    JOIN bourse.outcome AS o ON o.instrument_id = p.instrument_id AND o.ts = p.ts
    WHERE p.model_version_id = (SELECT v.model_version_id FROM version AS v) AND p.span = 'test'
        AND o.label = (SELECT v.label FROM version AS v) AND o.freq = (SELECT v.freq FROM version AS v)
        AND p.prediction NOT IN ('NaN', 'Infinity', '-Infinity') AND o.outcome NOT IN ('NaN', 'Infinity', '-Infinity')),
periods AS (
    SELECT ts, count(*) AS names, bourse.ic(prediction, outcome) AS ic, bourse.rank_ic(prediction, outcome) AS rank_ic,
        avg(outcome) FILTER (WHERE fifth = 1) AS g1, avg(outcome) FILTER (WHERE fifth = 2) AS g2, avg(outcome) FILTER (WHERE fifth = 3) AS g3,
        avg(outcome) FILTER (WHERE fifth = 4) AS g4, avg(outcome) FILTER (WHERE fifth = 5) AS g5
    FROM grouped GROUP BY ts),
days AS (
    SELECT (ts AT TIME ZONE 'UTC')::date AS day, count(*) AS periods, sum(names) AS names, avg(ic) AS ic, avg(rank_ic) AS rank_ic,
        ARRAY[sum(g1), sum(g2), sum(g3), sum(g4), sum(g5)] AS group_sums,
        ARRAY[count(g1), count(g2), count(g3), count(g4), count(g5)] AS group_periods
    FROM periods GROUP BY 1)
SELECT coalesce(jsonb_agg(to_jsonb(d) ORDER BY day), '[]') FROM days AS d
)";

}  // namespace

json read_report(workers::Connection& connection, std::int64_t run_id) {
    pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> tx(connection);
    const auto run = tx.exec_params(run_sql, run_id);
    if (run.empty())
        throw Error(ErrorKind::invalid_argument, "run " + std::to_string(run_id) + " does not exist",
                    "SELECT run_id, model, state FROM bourse_bi.run ORDER BY run_id DESC lists the runs there are");
    json data = json::parse(tx.exec_params(parts_sql, run_id)[0][0].c_str());
    tx.exec("SET LOCAL work_mem = '256MB'; SET LOCAL enable_nestloop = off");
    data["run"] = json::parse(run[0][0].c_str());
    data["days"] = json::parse(tx.exec_params(days_sql, run_id)[0][0].c_str());
    return data;
}

}  // namespace bourse::cli::report
