#!/usr/bin/env bash
# What goes wrong with trainings: a clear reason in the run, or another attempt; never a second version, never half of one.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/planted_market.sh"
plant_market
sql "UPDATE bourse.job_kind SET backoff_base_s = 0" >/dev/null
start_worker --slots 2 --poll 0.1
endless='{"num_boost_round": 100000, "early_stopping_rounds": 0, "max_depth": 2}'
in_round() { until_true "EXISTS (SELECT FROM bourse_bi.run_metric WHERE run_id = $1 AND step >= $2)"; }

# Too little data.
sql "INSERT INTO bourse.universe (name, instrument_id, span) SELECT 'one', instrument_id, '[2020-01-01,2020-03-01)' FROM bourse.instrument WHERE symbol = 'P1'" >/dev/null
run=$(sql "SELECT bourse.train('few', feature_set => 'planted', universe => 'one')")
state_is "$run" failed
expect "SELECT state || ': ' || split_part(error, ';', 1) FROM bourse_bi.run WHERE run_id = $run" \
    "failed: too little data: 33 rows in the train span, expected at least 50" "the reason"
expect "SELECT error LIKE '%MB040%' AND error LIKE '%rows purged%' FROM bourse_bi.run WHERE run_id = $run" t "with SQLSTATE and counts"

# Not one feature has a value.
sql "SELECT bourse.create_feature_set('nothing', '{\"void\": \"Log(\$close-\$close-1)\"}'::jsonb)" >/dev/null
run=$(sql "SELECT bourse.train('few', feature_set => 'nothing')")
state_is "$run" failed
expect "SELECT error LIKE 'too little data: 0 timestamps%' FROM bourse_bi.run WHERE run_id = $run" t "no feature at all: $(sql "SELECT error FROM bourse_bi.run WHERE run_id = $run")"

# A label that does not fit the objective.
run=$(sql "SELECT bourse.train('few', feature_set => 'planted', params => '{\"objective\": \"binary:logistic\"}')")
state_is "$run" failed
expect "SELECT error LIKE 'xgboost refused to train:%label%' FROM bourse_bi.run WHERE run_id = $run" t "objective: $(sql "SELECT error FROM bourse_bi.run WHERE run_id = $run")"
expect "SELECT count(*) FROM bourse.model_version" 0 "no version of any of them"

# Stopped by hand: the best so far is kept.
run=$(sql "SELECT bourse.train('stopped', feature_set => 'planted', params => '$endless')")
in_round "$run" 5
expect "SELECT state FROM bourse_bi.run WHERE run_id = $run" running "while it works"
sql "SELECT bourse.stop_run($run, 'enough')" >/dev/null
state_is "$run" succeeded
expect "SELECT dataset ->> 'stopped' || ' ' || stop_reason || ' ' || ((dataset ->> 'rounds')::int <= (dataset ->> 'rounds_made')::int)
        FROM bourse_bi.run WHERE run_id = $run" "on request enough true" "what is kept"
expect "SELECT count(*) FROM bourse_bi.model_version WHERE model = 'stopped'" 1 "a version"

# Cancelled: nothing is kept.
run=$(sql "SELECT bourse.train('cancelled', feature_set => 'planted', params => '$endless')")
in_round "$run" 2
sql "SELECT bourse.cancel($run, 'not that one')" >/dev/null
state_is "$run" cancelled
expect "SELECT state || ': ' || error FROM bourse_bi.run WHERE run_id = $run" "cancelled: not that one" "the run ends with its job"

# Its child is killed: another attempt starts from the beginning and leaves one version.
run=$(sql "SELECT bourse.train('killed', feature_set => 'planted', params => '$endless')")
in_round "$run" 3
kill -KILL "$(child_of "$run")"
until_logged "job_started job=$run .*attempt=2 "
in_round "$run" 3
sql "SELECT bourse.stop_run($run)" >/dev/null
state_is "$run" succeeded
expect "SELECT attempt FROM bourse_bi.run WHERE run_id = $run" 2 "attempts"
expect "SELECT count(*) || ' ' || count(DISTINCT artifact_sha256) FROM bourse_bi.model_version WHERE model = 'killed'" "1 1" "exactly one version"
expect "SELECT count(*) = (SELECT (dataset ->> 'rounds_made')::int FROM bourse_bi.run WHERE run_id = $run) FROM bourse_bi.run_metric
        WHERE run_id = $run AND span = 'valid' AND step > 0" t "the curve is the second attempt's alone"

# Side by side: versions count without a gap.
sql "SELECT count(bourse.train('many', feature_set => 'planted', seed => i, params => '{\"num_boost_round\": 20}')) FROM generate_series(1, 4) AS i" >/dev/null
until_true "(SELECT count(*) FROM bourse_bi.run WHERE model = 'many' AND state = 'succeeded') = 4"
expect "SELECT string_agg(version::text, ',' ORDER BY version) FROM bourse_bi.model_version WHERE model = 'many'" "1,2,3,4" "versions of trainings side by side"

# Killed until its tries are used up.
run=$(sql "BEGIN; SELECT bourse.train('dead', feature_set => 'planted', params => '$endless'); UPDATE bourse.job SET max_attempts = 1 WHERE kind = 'train'; COMMIT")
in_round "$run" 1
kill -KILL "$(child_of "$run")"
state_is "$run" dead
expect "SELECT state || ': ' || split_part(error, ';', 1) FROM bourse_bi.run WHERE run_id = $run" "dead: its child died of signal 9 (Killed)" "the run tells why"
sql "SELECT bourse.retry($run)" >/dev/null
until_logged "job_started job=$run .*attempt=2 "
in_round "$run" 1
expect "SELECT state || ' ' || (finished_at IS NULL) FROM bourse_bi.run WHERE run_id = $run" "running true" "tried again by hand"
sql "SELECT bourse.cancel($run)" >/dev/null
state_is "$run" cancelled
expect "SELECT count(*) FROM bourse_bi.model WHERE model IN ('dead', 'cancelled', 'few')" 0 "no trace in the registry"

# A query of one's own runs as its owner and cannot become anybody else.
role=r_$RANDOM$RANDOM
sql "CREATE ROLE $role; GRANT bourse_researcher TO $role; CREATE SCHEMA own AUTHORIZATION $role" >/dev/null
drop_role() { sql "DROP OWNED BY $role; DROP ROLE $role" >/dev/null 2>&1 || true; end_workers; }
trap drop_role EXIT
as_role() { psql -qXAt -v ON_ERROR_STOP=1 -c "SET ROLE $role" -c "SET search_path = own" -c "$1"; }
as_role "CREATE TABLE mine AS SELECT i.symbol, b.ts, ARRAY[b.close / lag(b.close) OVER w - 1]::real[] AS features, lead(b.close, 2) OVER w / lead(b.close, 1) OVER w - 1 AS label
         FROM bourse.bar AS b JOIN bourse.instrument AS i USING (instrument_id) WINDOW w AS (PARTITION BY b.instrument_id ORDER BY b.ts)"
run=$(as_role "SELECT bourse.train('own', source => 'SELECT * FROM mine;', split => '{\"purge_bars\": 2}', options => '{\"features\": [\"ret\"]}')")
state_is "$run" succeeded
expect "SELECT owner = '$role' AND feature_set IS NULL FROM bourse_bi.run WHERE run_id = $run" t "whose run it is"
expect "SELECT features::text || ' ' || (metrics #>> '{test,ic}' > '0.2') FROM bourse_bi.model_version WHERE model = 'own'" "{ret} true" "what it made"
run=$(as_role "SELECT bourse.train('own', source => 'SELECT set_config(''role'', ''none'', false) AS symbol, ts, features, label FROM mine')")
state_is "$run" failed
expect "SELECT error LIKE 'source: cannot set parameter \"role\" within security-definer function%' FROM bourse_bi.run WHERE run_id = $run" t \
    "no way to another role: $(sql "SELECT error FROM bourse_bi.run WHERE run_id = $run")"
run=$(as_role "SELECT bourse.train('own', source => 'SELECT symbol, ts, features[:1 + (ts > ''2020-06-01'')::int] || CASE WHEN ts > ''2020-06-01'' THEN ARRAY[1]::real[] ELSE ''{}'' END AS features, label FROM mine')")
state_is "$run" failed
expect "SELECT error LIKE 'source: a vector of 2 features after vectors of 1%' FROM bourse_bi.run WHERE run_id = $run" t "vectors of one length: $(sql "SELECT error FROM bourse_bi.run WHERE run_id = $run")"
