#!/usr/bin/env bash
# A training from bars to a version that predicts: numbers near what the planted signal allows, everything recorded.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/planted_market.sh"
plant_market
# The worker has the rights of bourse_worker and no others.
role=w_$RANDOM$RANDOM
sql "CREATE ROLE $role LOGIN; GRANT bourse_worker TO $role" >/dev/null
drop_role() { end_workers; sql "DROP OWNED BY $role; DROP ROLE $role" >/dev/null 2>&1 || true; }
trap drop_role EXIT
BOURSE_DB="${BOURSE_DB/user=$PGUSER/user=$role}" start_worker --slots 1 --poll 0.1

run=$(sql "SELECT bourse.train('demo', feature_set => 'planted', seed => 5)")
state_is "$run" succeeded
expect "SELECT state || ' ' || stage || ' ' || progress_ratio || ' ' || version || ' ' || feature_set || ':' || feature_set_version
        FROM bourse_bi.run WHERE run_id = $run" "succeeded write 1 1 planted:1" "the run's row"

# The best anything can reach is a correlation of 0.3.
metric() { echo "(SELECT value FROM bourse_bi.run_metric WHERE run_id = $run AND span = '$1' AND metric = '$2' AND step = 0)"; }
expect "SELECT $(metric test ic) BETWEEN 0.22 AND 0.36" t "test IC near the attainable 0.3: $(sql "SELECT $(metric test ic)")"
expect "SELECT $(metric test rank_ic) BETWEEN 0.2 AND 0.36" t "test RankIC"
expect "SELECT $(metric test icir) > 1" t "test ICIR"
expect "SELECT string_agg(DISTINCT span || ':' || metric, ' ' ORDER BY span || ':' || metric) FROM bourse_bi.run_metric WHERE run_id = $run AND step = 0 AND span = 'valid'" \
    "valid:hit_ratio valid:ic valid:ic_days valid:icir valid:mae valid:rank_ic valid:rank_icir valid:rmse" "every metric"
expect "SELECT count(DISTINCT span) = 2 AND min(step) = 1 AND max(step) = (SELECT (dataset ->> 'rounds_made')::int FROM bourse_bi.run WHERE run_id = $run)
        FROM bourse_bi.run_metric WHERE run_id = $run AND step > 0" t "the learning curve"

# The metrics are those of the predictions and outcomes that were kept, computed by SQL alone.
expect "SELECT abs(avg(ic) - $(metric test ic)) < 1e-9 FROM (SELECT corr(prediction, outcome) AS ic FROM bourse_bi.prediction WHERE model = 'demo' GROUP BY ts) AS d" t "IC again"
expect "SELECT bool_and(abs(p.outcome - l.label) < 1e-12) AND count(*) > 1000 FROM bourse_bi.prediction AS p
        JOIN (SELECT instrument_id, ts, lead(close, 2) OVER w / lead(close, 1) OVER w - 1 AS label FROM bourse.bar
              WINDOW w AS (PARTITION BY instrument_id ORDER BY ts)) AS l USING (instrument_id, ts)" t "outcomes are the label"
expect "SELECT count(*) > 1000 AND bool_and(p.prediction = bourse.predict('demo:1', v.features)) FROM bourse.prediction AS p
        JOIN bourse.feature_value AS v USING (instrument_id, ts)" t "predict gives what the run predicted"

# No label reaches into the next span: two bars are purged at the end of train and of valid.
expect "SELECT (dataset -> 'train' ->> 'purged_rows')::int = 2 * 30 AND (dataset -> 'valid' ->> 'purged_rows')::int = 2 * 30
        AND (dataset ->> 'label_bars') = '2' AND (dataset -> 'train' ->> 'to')::timestamptz + interval '2 days' < (dataset -> 'valid' ->> 'from')::timestamptz
        FROM bourse_bi.run WHERE run_id = $run" t "purge"

expect "SELECT count(*) FROM bourse_bi.run_log WHERE run_id = $run AND level = 'warning' AND message = '1 features have no value in the train span and cannot matter: void'" 1 "the column without values is named"
expect "SELECT string_agg(feature, ',' ORDER BY position) || ' ' || min(missing + n) FROM bourse.drift_reference" \
    "mom,ret,void $(sql "SELECT dataset -> 'train' ->> 'rows' FROM bourse_bi.run WHERE run_id = $run")" "drift reference"
expect "SELECT feature FROM bourse_bi.importance WHERE model = 'demo' AND kind = 'gain' ORDER BY value DESC LIMIT 1" ret "the planted feature matters most"
expect "SELECT count(*) FROM bourse_bi.importance WHERE feature = 'void'" 0 "the empty one not at all"

expect "SELECT array_agg(from_id::bigint ORDER BY from_id::bigint) FROM bourse_bi.lineage WHERE from_kind = 'data_version' AND to_kind = 'run' AND to_id = '$run'" \
    "$(sql "SELECT array_agg(DISTINCT data_version_id ORDER BY data_version_id) FROM bourse.bar")" "lineage names the data versions that were read"
expect "SELECT data_version_ids FROM bourse_bi.run WHERE run_id = $run" "$(sql "SELECT array_agg(DISTINCT data_version_id ORDER BY data_version_id) FROM bourse.bar")" "and so does the run"
expect "SELECT count(*) FROM bourse_bi.lineage WHERE (from_kind, from_id, to_kind) = ('run', '$run', 'model_version')" 1 "lineage to the version"

# Same seed, data and machine: the same model. Another label and a part of the span: other versions of the same model.
again=$(sql "SELECT bourse.train('demo', feature_set => 'planted:1', seed => 5)")
shorter=$(sql "SELECT bourse.train('demo', feature_set => 'planted', label => 'Ref(\$close,-1)/\$close-1', from_ts => '2020-03-01', options => '{\"label_norm\": \"rank\"}')")
state_is "$again" succeeded
state_is "$shorter" succeeded
expect "SELECT count(DISTINCT artifact_sha256) FROM bourse_bi.model_version WHERE model = 'demo' AND run_id IN ($run, $again)" 2 "the header names its run"
expect "SELECT count(DISTINCT n.sha256) FROM bourse.model_version AS v JOIN bourse.artifact AS n ON n.artifact_id = v.native_artifact_id
        WHERE v.run_id IN ($run, $again)" 1 "the same seed makes the same model"
expect "SELECT count(DISTINCT dataset ->> 'sha256') FROM bourse_bi.run WHERE run_id IN ($run, $again)" 1 "of the same data"
expect "SELECT dataset ->> 'label_bars' || ' ' || (dataset -> 'train' ->> 'from' >= '2020-03-01') FROM bourse_bi.run WHERE run_id = $shorter" "1 true" "label and span"

# The baseline.
linear=$(sql "SELECT bourse.train('line', algorithm => 'linear', feature_set => 'planted')")
state_is "$linear" succeeded
expect "SELECT value BETWEEN 0.22 AND 0.36 FROM bourse_bi.run_metric WHERE run_id = $linear AND span = 'test' AND metric = 'ic' AND step = 0" t "IC of ridge regression"
expect "SELECT bool_and(p.prediction = bourse.predict('line:1', v.features)) FROM bourse.prediction AS p
        JOIN bourse.feature_value AS v USING (instrument_id, ts) JOIN bourse.model_version AS m USING (model_version_id) WHERE m.run_id = $linear" t "predict agrees"

# A direction as label: the last two days have none, though a comparison would call them 0.
direction=$(sql "SELECT bourse.train('direction', feature_set => 'planted', label => 'Ref(\$close,-2)/Ref(\$close,-1)>1', params => '{\"objective\": \"binary:logistic\"}')")
state_is "$direction" succeeded
expect "SELECT dataset ->> 'rows_without_label' FROM bourse_bi.run WHERE run_id = $direction" 60 "no label without its future"
expect "SELECT bool_and(value > 0.53) FROM bourse_bi.run_metric WHERE run_id = $direction AND span = 'test' AND metric = 'hit_ratio'" t "better than a coin"
expect "SELECT min(prediction) > 0 AND max(prediction) < 1 AND bool_and(outcome IN (0, 1)) FROM bourse_bi.prediction WHERE model = 'direction'" t "probabilities"

# What comes after the span and its labels changes nothing: neither what is learned from nor the model.
until_december() { sql "SELECT bourse.train('past', feature_set => 'planted', to_ts => '2020-12-01')"; }
before=$(until_december)
state_is "$before" succeeded
sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
     SELECT symbol, '1d', ts, 9, 9, 9, 9, 9 FROM bourse_bi.bar WHERE ts > '2020-12-02'" >/dev/null
after=$(until_december)
state_is "$after" succeeded
expect "SELECT count(DISTINCT r.dataset ->> 'sha256') || ' ' || count(DISTINCT n.sha256) FROM bourse.run AS r JOIN bourse.model_version AS v USING (run_id)
        JOIN bourse.artifact AS n ON n.artifact_id = v.native_artifact_id WHERE r.run_id IN ($before, $after)" "1 1" "the future has no say"
expect "SELECT string_agg(data_version_ids::text, ' ') FROM bourse_bi.run WHERE run_id IN ($before, $after)" "{1} {1}" "and is not read"

# A later load, and a set that reads all history: it is stored before it is read, and the new data version is named.
sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
     SELECT 'P' || i, '1d', '2021-02-05', 50, 50, 50, 50, 10 FROM generate_series(1, 30) AS i" >/dev/null
later=$(sql "SELECT bourse.train('demo', feature_set => 'basic')")
state_is "$later" succeeded
expect "SELECT data_version_ids FROM bourse_bi.run WHERE run_id = $later" "{1,2,3}" "every data version"
expect "SELECT count(*) FROM bourse.feature_value WHERE ts = '2021-02-05' AND feature_set_id = (SELECT r.feature_set_id FROM bourse.run AS r WHERE run_id = $later)" 30 "features of the new bars are stored"

# To run a query as its owner the worker must be a member of that role.
run=$(sql "SELECT bourse.train('own', source => 'SELECT ''P1''::text AS symbol, now() AS ts, ARRAY[1]::real[] AS features, 1::float8 AS label')")
state_is "$run" failed
expect "SELECT error LIKE 'source: this worker may not act as %GRANT % TO %' FROM bourse_bi.run WHERE run_id = $run" t "the grant it needs"
