-- What bourse.train refuses before there is a job, and what it writes when it accepts.
INSERT INTO bourse.instrument (symbol) SELECT 'S' || i FROM generate_series(1, 5) AS i;
INSERT INTO bourse.feature_set (name, version, freq, features, expressions)
VALUES ('tiny', 1, '1d', '{a}', '{$close}'), ('tiny', 2, '1d', '{a,b}', '{$close,$open}');
INSERT INTO bourse.data_version (source) VALUES ('test');

SELECT bourse.train('demo');
SELECT bourse.train('demo', feature_set => 'tiny:7');
SELECT bourse.train('1 demo', feature_set => 'tiny');
SELECT bourse.train(NULL, feature_set => 'tiny');
SELECT bourse.train('demo', 'xgbost', 'tiny');
SELECT bourse.train('demo', feature_set => 'tiny', params => '{"max_dept": 3}');
SELECT bourse.train('demo', feature_set => 'tiny', params => '{"eta": 7}');
SELECT bourse.train('demo', feature_set => 'tiny', params => '{"eta": 1e999}');
SELECT bourse.train('demo', feature_set => 'tiny', split => '{"trian": 0.6}');
SELECT bourse.train('demo', feature_set => 'tiny', split => '{"train": 0.9, "valid": 0.3}');
SELECT bourse.train('demo', feature_set => 'tiny', options => '{"label_nrm": "rank"}');
SELECT bourse.train('demo', feature_set => 'tiny', options => '{"label_norm": "ranked"}');
SELECT bourse.train('demo', feature_set => 'tiny', universe => 'sp500');
SELECT bourse.train('demo', feature_set => 'tiny', from_ts => '2020-01-02', to_ts => '2020-01-01');
SELECT bourse.train('demo', feature_set => 'tiny', dataset => 'mine');
SELECT bourse.train('demo', feature_set => 'tiny', seed => -1);
SELECT bourse.train('demo', feature_set => 'tiny', label => 'Ref($close,-2)/Ref($clos,-1)-1');
SELECT bourse.train('demo', feature_set => 'tiny', label => 'Ref($close');
SELECT bourse.train('demo', feature_set => 'tiny');

INSERT INTO bourse.bar (instrument_id, freq, ts, open, high, low, close, known_at, data_version_id)
SELECT i, '1d', '2020-01-01'::timestamptz + d * interval '1 day', 1, 1, 1, 1, now(), 1 FROM generate_series(1, 5) AS i, generate_series(0, 39) AS d;
SELECT bourse.train('demo', feature_set => 'tiny', from_ts => '2020-01-20');
INSERT INTO bourse.universe (name, instrument_id, span) VALUES ('two', 1, '[2020-01-01,2020-01-15)'), ('two', 2, '[2020-01-01,2020-01-15)');
SELECT bourse.train('demo', feature_set => 'tiny', universe => 'two');

SELECT bourse.train('demo', feature_set => 'tiny', params => '{"learning_rate": 0.2}', split => '{"train": 0.5, "purge_bars": 3}') AS run \gset
SELECT r.run_id = :run AND r.run_id = j.job_id AS run_is_its_job, j.kind, r.model, r.algorithm, s.name, s.version, r.label, r.universe,
    r.split, r.params -> 'eta' AS eta, r.params -> 'max_depth' AS max_depth, r.seed, r.state
FROM bourse.run AS r JOIN bourse.job AS j ON j.job_id = r.run_id JOIN bourse.feature_set AS s USING (feature_set_id);
SELECT model, state, feature_set, feature_set_version, error FROM bourse_bi.run;

-- a query of one's own
CREATE TABLE public.mine AS SELECT 'S' || i AS symbol, '2020-01-01'::timestamptz + d * interval '1 day' AS ts,
    ARRAY[i, d]::real[] AS features, 0.1::float8 AS label FROM generate_series(1, 5) AS i, generate_series(0, 39) AS d;
SELECT bourse.train('own', source => 'SELECT * FROM nowhere');
SELECT bourse.train('own', source => 'SELECT symbol, ts, label FROM mine');
SELECT bourse.train('own', source => 'SELEC');
SELECT bourse.train('own', source => 'SELECT * FROM mine', label => '$close');
SELECT bourse.train('own', source => 'SELECT symbol, ts, ''x''::bytea AS features, label FROM mine');
SELECT bourse.train('own', source => 'SELECT * FROM mine -- all of it', options => '{"features": ["i", "d"]}') > :run AS accepted;
SELECT model, label, options FROM bourse.run WHERE source IS NOT NULL;

-- nothing is left of a call that is rolled back
BEGIN;
SELECT bourse.train('gone', feature_set => 'tiny') > 0 AS made;
ROLLBACK;
SELECT count(*) FROM bourse.run WHERE model = 'gone';

-- stopping
SELECT bourse.stop_run(-1);
SELECT replace(bourse.stop_run(:run, 'enough'), :'run', 'RUN');
SELECT stop_requested_at IS NOT NULL AS asked, stop_reason FROM bourse_bi.run WHERE run_id = :run;
SELECT bourse.cancel(:run, 'not that one') IS NOT NULL AS cancelled;
SELECT state, error, finished_at IS NOT NULL AS finished FROM bourse_bi.run WHERE run_id = :run;
SELECT replace(bourse.stop_run(:run), :'run', 'RUN');

SELECT algorithm, name, type, alias, default_value, lowest, highest FROM bourse_bi.algorithm_parameter WHERE name IN ('eta', 'max_depth');

-- who may what
SELECT bourse.train('demo', feature_set => 'tiny') AS run \gset
CREATE ROLE train_call_reader;
GRANT bourse_reader TO train_call_reader;
CREATE ROLE train_call_researcher;
GRANT bourse_researcher TO train_call_researcher;
SET ROLE train_call_reader;
SELECT count(*) FROM bourse_bi.run;
SELECT bourse.train('demo', feature_set => 'tiny');
SELECT bourse.stop_run(:run);
INSERT INTO bourse.run_metric (run_id, span, metric, value) VALUES (:run, 'test', 'ic', 1);
SET ROLE train_call_researcher;
SELECT regexp_replace(m, '[0-9]+', 'RUN') FROM (SELECT bourse.train('demo', feature_set => 'tiny')::text AS m) AS t;
SELECT count(*) FROM bourse_bi.run WHERE owner = 'train_call_researcher';
DO $$
BEGIN
    PERFORM bourse.stop_run((SELECT min(run_id) FROM bourse_bi.run WHERE state = 'waiting'));
EXCEPTION WHEN insufficient_privilege THEN RAISE NOTICE 'refused: %', regexp_replace(sqlerrm, 'run [0-9]+ belongs to .*', 'run N belongs to another');
END $$;
DO $$
BEGIN
    PERFORM bourse.insert_run(r) FROM bourse.run AS r WHERE r.owner <> 'train_call_researcher' AND r.state = 'waiting' LIMIT 1;
EXCEPTION WHEN insufficient_privilege THEN RAISE NOTICE 'refused: %', regexp_replace(sqlerrm, '[0-9]+', 'N');
END $$;
SELECT bourse.run_job_finished(:run, 'succeeded');
RESET ROLE;
DROP OWNED BY train_call_reader, train_call_researcher;
DROP ROLE train_call_reader, train_call_researcher;
