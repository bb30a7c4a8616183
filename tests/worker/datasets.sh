#!/usr/bin/env bash
# Datasets from their making to a model: rows as SQL computes them, processors that learn from train alone, the same rows
# for ever where pinned, models that predict from raw features.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/planted_market.sh"
plant_market
start_worker --slots 1 --poll 0.1

made=$(sql "SELECT bourse.create_dataset('walk', 'planted', processors => '[{\"name\": \"RobustZScoreNorm\", \"fields_group\": \"feature\"},
            {\"name\": \"Fillna\", \"fields_group\": \"feature\"}, \"DropnaLabel\", {\"name\": \"CSRankNorm\", \"fields_group\": \"label\"}]')")
state_is "$made" succeeded
expect "SELECT dataset || ':' || version || ' ' || folds || ' ' || horizon_bars || ' ' || pinned || ' ' || rows || ' ' || rows_without_label || ' ' || length(content_sha256)
        FROM bourse_bi.dataset" "walk:1 5 2 true 11910 60 64" "the dataset's row"

# Every label and feature again, by SQL alone; nothing but the parts' own days; no label window of train meets valid or test.
oracle="(SELECT i.symbol, b.ts, lead(close, 2) OVER w / lead(close, 1) OVER w - 1 AS label, lead(ts, 2) OVER w AS label_end,
          close / lag(close, 1) OVER w - 1 AS ret FROM bourse.bar AS b JOIN bourse.instrument AS i USING (instrument_id) WINDOW w AS (PARTITION BY instrument_id ORDER BY ts))"
sql "CREATE TABLE fold2 AS SELECT * FROM bourse.dataset_rows('walk', 2, processed => false)" >/dev/null
expect "SELECT bool_and(abs(r.outcome - o.label) < 1e-12 AND r.label_end = o.label_end AND abs(r.features[2] - o.ret) < 1e-6 AND r.label = r.outcome::real)
        FROM fold2 AS r JOIN $oracle AS o USING (symbol, ts)" t "rows are what SQL computes"
expect "SELECT max(label_end) FILTER (WHERE part = 'train') < min(ts) FILTER (WHERE part = 'valid') AND max(label_end) FILTER (WHERE part = 'valid') < min(ts) FILTER (WHERE part = 'test')
        FROM fold2" t "no label window reaches into a later part"
expect "SELECT string_agg(part || ' ' || rows, ', ' ORDER BY part) = (SELECT string_agg(part || ' ' || n, ', ' ORDER BY part) FROM (SELECT part, count(*) AS n FROM fold2 GROUP BY part) AS c)
        FROM bourse_bi.dataset_fold WHERE dataset = 'walk' AND fold = 2" t "the build counted the same rows"
expect "SELECT bool_and(equal) AND count(*) = 21 FROM bourse.check_dataset('walk')" t "and the same hashes"

# The processed rows: features scaled by median and deviation of the train rows, labels ranked by day, tests untouched.
expect "SELECT bool_and(abs(p.features[2] - greatest(-3, least(3, (f.features[2] - c.center) / c.scale))) < 1e-5)
        FROM bourse.dataset_rows('walk', 2) AS p JOIN fold2 AS f USING (symbol, ts), (SELECT max(value) FILTER (WHERE parameter = 'center') AS center,
            max(value) FILTER (WHERE parameter = 'scale') AS scale FROM bourse.dataset_fit('walk', 2) WHERE feature = 'ret') AS c" t "scaled by what was learned"
expect "SELECT abs(c.value - (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY features[2]) FROM fold2 WHERE part = 'train')) < 1e-6
        FROM bourse.dataset_fit('walk', 2) AS c WHERE feature = 'ret' AND parameter = 'center'" t "the median of the train rows"
expect "SELECT bool_and(abs(p.label - CASE WHEN p.part = 'test' THEN p.outcome ELSE (o.r / o.n - 0.5) * 3.46 END) < 1e-6) FROM bourse.dataset_rows('walk', 2) AS p
        JOIN (SELECT symbol, ts, rank() OVER (PARTITION BY ts ORDER BY outcome) AS r, count(*) OVER (PARTITION BY ts)::float8 AS n FROM fold2) AS o USING (symbol, ts)" t "labels ranked"

# A model of it: trained on processed features, it predicts from raw ones what it predicted in its run.
run=$(sql "SELECT bourse.train('walker', dataset => 'walk', algorithm => 'linear', options => '{\"fold\": 2}')")
state_is "$run" succeeded
expect "SELECT dataset_name || ' ' || fold || ' ' || (dataset ->> 'dataset') || ' ' || feature_set || ' ' || (dataset -> 'test' ->> 'rows')
        FROM bourse_bi.run WHERE run_id = $run" "walk:1 2 walk:1 planted $(sql "SELECT count(*) FROM fold2 WHERE part = 'test'")" "the run names its dataset"
expect "SELECT count(*) > 1000 AND bool_and(p.prediction = bourse.predict('walker:1', f.features)) FROM bourse_bi.prediction AS p
        JOIN fold2 AS f USING (symbol, ts) WHERE p.model = 'walker'" t "predict prepares raw features as the run did"
expect "SELECT bool_and(abs(s.total - (bourse.predict_margin('walker:1', f.features))[1]) < 1e-4) FROM (SELECT * FROM fold2 WHERE part = 'test' LIMIT 50) AS f,
        LATERAL (SELECT sum(x) AS total FROM unnest(bourse.shap('walker:1', f.features)) AS x) AS s" t "and shap explains them"
expect "SELECT value BETWEEN 0.2 AND 0.4 FROM bourse_bi.run_metric WHERE run_id = $run AND span = 'test' AND metric = 'rank_ic' AND step = 0" t "what was planted is found"
expect "SELECT abs((SELECT edges[5] FROM bourse.drift_reference WHERE feature = 'ret') - (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY features[2]) FROM fold2 WHERE part = 'train')) < 1e-4" t "drift is measured on raw features"
expect "SELECT string_agg(from_kind || '>' || to_kind, ' ' ORDER BY from_kind, to_kind) FROM bourse_bi.lineage WHERE '$made' IN (from_id, to_id) AND 'dataset' IN (from_kind, to_kind)" \
    "dataset>run feature_set>dataset" "lineage"
boosted=$(sql "SELECT bourse.train('boosted', dataset => 'walk:1')")
state_is "$boosted" succeeded
expect "SELECT fold FROM bourse_bi.run WHERE run_id = $boosted" 5 "the last fold by default"
expect "SELECT count(*) > 500 AND bool_and(p.prediction = bourse.predict('boosted:1', f.features)) FROM bourse_bi.prediction AS p
        JOIN bourse.dataset_rows('walk', 5, 'test', false) AS f USING (symbol, ts) WHERE p.model = 'boosted'" t "trees likewise"

# Features of whole timestamps: what is trained on them predicts whole timestamps, as it did in its run, and no single row.
across=$(sql "SELECT bourse.create_dataset('across', 'planted', processors => '{\"infer\": [\"ProcessInf\", {\"name\": \"CSZScoreNorm\", \"fields_group\": \"feature\"},
              {\"name\": \"RobustZScoreNorm\", \"fields_group\": \"feature\"}, {\"name\": \"CSRankNorm\", \"fields_group\": \"feature\"}, {\"name\": \"CSZFillna\", \"fields_group\": \"feature\"},
              {\"name\": \"Fillna\", \"fields_group\": \"feature\"}],
              \"learn\": [\"DropnaLabel\", {\"name\": \"CSRankNorm\", \"fields_group\": \"label\"}]}', split => '{\"folds\": 2}')")
state_is "$across" succeeded
crossed=$(sql "SELECT bourse.train('crossed', dataset => 'across', algorithm => 'linear')")
state_is "$crossed" succeeded
expect "SELECT dataset ->> 'needs_cross_section' FROM bourse_bi.run WHERE run_id = $crossed" true "the run says so"
expect "SELECT count(*) > 1000 AND bool_and(p.prediction = t.prediction) FROM bourse_bi.prediction AS p JOIN bourse.predict_table('crossed:1', (SELECT min(ts) FROM bourse_bi.prediction WHERE model = 'crossed')) AS t
        USING (symbol, ts) WHERE p.model = 'crossed'" t "predict_table prepares whole timestamps as the run did"
expect "SELECT count(*) > 10 AND bool_and(a.prediction = b.prediction AND b.symbol IN ('P1', 'P2')) FROM bourse.predict_table('crossed:1', '2020-12-01') AS a
        JOIN bourse.predict_table('crossed:1', '2020-12-01', symbols => '{P1,P2}') AS b USING (symbol, ts)" t "whatever symbols are asked for"
expect "SELECT count(DISTINCT rank) > 20 FROM bourse.top('crossed:1', n => 30)" t "top likewise"
for call in "bourse.predict('crossed:1', (SELECT features FROM fold2 LIMIT 1))" "bourse.shap('crossed:1', (SELECT features FROM fold2 LIMIT 1))" \
    "(SELECT count(*) FROM bourse.predict_many('crossed:1', 'SELECT features FROM fold2'))"; do
    said=$(psql -XqAt -v VERBOSITY=verbose -c "SELECT $call" 2>&1 || true)
    case $said in *'ERROR:  22023: the model learned from features that depend on all rows of a timestamp'*'HINT:  bourse.predict_table'*) ;; *) fail "$call: $said" ;; esac
done

# Live and pinned, before and after loads that overwrite bars of the test part, backfill and go on.
live=$(sql "SELECT bourse.create_dataset('live', 'planted', pinned => false, processors => '[{\"name\": \"ZScoreNorm\", \"fields_group\": \"feature\"}]',
            split => '{\"train\": [\"2020-01-01\", \"2020-09-01\"], \"valid\": [\"2020-09-01\", \"2020-10-01\"], \"test\": [\"2020-10-01\", \"2021-01-01\"], \"embargo_bars\": 3}')")
state_is "$live" succeeded
sql "CREATE TABLE live_fit AS SELECT * FROM bourse.dataset_fit('live'); CREATE TABLE live_rows AS SELECT * FROM bourse.dataset_rows('live')" >/dev/null
sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
     SELECT symbol, '1d', ts, 9, 9, 9, 9 , 9 FROM bourse_bi.bar WHERE ts >= '2020-10-10';
     INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
     SELECT 'P' || i, '1d', timestamptz '2019-12-01' + d * interval '1 day', 50, 50, 50, 50, 10 FROM generate_series(1, 30) AS i, generate_series(0, 20) AS d" >/dev/null
expect "SELECT count(*) FROM (TABLE fold2 EXCEPT SELECT * FROM bourse.dataset_rows('walk', 2, processed => false)) AS lost" 0 "a pinned dataset keeps its rows"
expect "SELECT bool_and(equal) FROM bourse.check_dataset('walk')" t "and its hashes"
expect "SELECT count(*) > 0 FROM (TABLE live_rows EXCEPT SELECT * FROM bourse.dataset_rows('live')) AS changed" t "a live one sees the load"
expect "SELECT count(*) FROM (TABLE live_fit EXCEPT SELECT * FROM bourse.dataset_fit('live')) AS moved" 0 "what comes after train moves nothing that was learned"
expect "SELECT count(*) FROM (SELECT * FROM live_rows WHERE part = 'train' EXCEPT SELECT * FROM bourse.dataset_rows('live', part => 'train')) AS moved" 0 "and no row of train"
again=$(sql "SELECT bourse.train('walker', dataset => 'walk', algorithm => 'linear', options => '{\"fold\": 2}')")
state_is "$again" succeeded
expect "SELECT count(DISTINCT dataset ->> 'sha256') FROM bourse_bi.run WHERE run_id IN ($run, $again)" 1 "a later training learns from the same rows"
expect "SELECT data_version_ids FROM bourse_bi.run WHERE run_id = $again" "{1}" "of the same load"

# What a pinned dataset cannot hold still is found out.
sql "UPDATE bourse.dataset_part SET sha256 = 'another' WHERE dataset_id = $made AND part = 'all'" >/dev/null
refused=$(sql "SELECT bourse.train('walker', dataset => 'walk', algorithm => 'linear', options => '{\"fold\": 2}')")
state_is "$refused" failed
expect "SELECT error LIKE 'dataset walk:1 is pinned, but fold 2 gives other rows than its build found%' FROM bourse_bi.run WHERE run_id = $refused" t "other rows are refused"

# Membership at the row's time, as it was when the dataset was made.
sql "INSERT INTO bourse.universe (name, instrument_id, span) SELECT 'half', instrument_id, tstzrange('2020-01-01', '2020-07-01') FROM bourse.instrument WHERE symbol IN ('P1', 'P2', 'P3')
     UNION ALL SELECT 'half', instrument_id, tstzrange('2020-07-01', NULL) FROM bourse.instrument WHERE symbol IN ('P3', 'P4')" >/dev/null
half=$(sql "SELECT bourse.create_dataset('half', 'planted', universe => 'half', span => '[2020-02-01,2020-12-01)', split => '{\"train\": 0.5, \"valid\": 0.25, \"test\": 0.25}')")
state_is "$half" succeeded
sql "DELETE FROM bourse.universe WHERE name = 'half' AND lower(span) = '2020-07-01'" >/dev/null
expect "SELECT string_agg(symbol || ' ' || first || ' ' || last, ', ' ORDER BY symbol) FROM (SELECT symbol, min(ts)::date AS first, max(ts)::date < '2020-07-01' AS last
        FROM bourse.dataset_rows('half') GROUP BY symbol) AS m" "P1 2020-02-01 true, P2 2020-02-01 true, P3 2020-02-01 false, P4 2020-07-02 false" "members at their time"

# Series of bar_field that are corrected, deleted and written backwards after a pinned dataset was made: the worker finds the same rows, and learns from them.
sql "INSERT INTO bourse.bar_field (instrument_id, freq, field, ts, value, known_at) SELECT instrument_id, '1d', 'mood', ts, 1000 * (close - open) + instrument_id + extract(doy FROM ts)::int % 17, ts + interval '1 day' FROM bourse.bar WHERE ts >= '2020-02-01';
     SELECT bourse.create_feature_set('moods', '{\"mood\": \"\$mood\", \"mean\": \"Mean(\$mood,3)\", \"ret\": \"\$close/Ref(\$close,1)-1\"}'::jsonb)" >/dev/null
moody=$(sql "SELECT bourse.create_dataset('moody', 'moods', split => '{\"train\": 0.6, \"valid\": 0.2, \"test\": 0.2}')")
state_is "$moody" succeeded
sql "CREATE TABLE moody_rows AS SELECT * FROM bourse.dataset_rows('moody');
     UPDATE bourse.bar_field SET value = value + 100 WHERE field = 'mood' AND ts BETWEEN '2020-05-01' AND '2020-08-01'; UPDATE bourse.bar_field SET value = -value WHERE field = 'mood' AND instrument_id % 3 = 0;
     DELETE FROM bourse.bar_field WHERE field = 'mood' AND ts BETWEEN '2020-09-01' AND '2020-09-20';
     INSERT INTO bourse.bar_field (instrument_id, freq, field, ts, value, known_at) SELECT instrument_id, '1d', 'mood', ts, 5, ts + interval '1 day' FROM bourse.bar WHERE ts < '2020-02-01' OR ts BETWEEN '2020-09-05' AND '2020-09-10'" >/dev/null
expect "SELECT bool_and(equal) AND count(*) = 5 FROM bourse.check_dataset('moody')" t "a pinned dataset keeps its series"
expect "SELECT count(*) FROM ((TABLE moody_rows EXCEPT ALL SELECT * FROM bourse.dataset_rows('moody')) UNION ALL (SELECT * FROM bourse.dataset_rows('moody') EXCEPT ALL TABLE moody_rows)) AS d" 0 "in SQL, too"
state_is "$(sql "SELECT bourse.train('moody', dataset => 'moody', algorithm => 'linear')")" succeeded
sql "SELECT bourse.create_dataset('moody', 'moods', split => '{\"train\": 0.6, \"valid\": 0.2, \"test\": 0.2}')" >/dev/null
until_true "(SELECT count(DISTINCT content_sha256) = 2 FROM bourse.dataset WHERE name = 'moody' AND built_at IS NOT NULL)"  # the second version sees what there is now
