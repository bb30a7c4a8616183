-- A finished run with everything a report shows, made by SQL alone (seeded): 30 instruments, 250 days, a planted signal.
-- Model 'demo', run 1. The day 2020-01-01 has the five pairs of a published example: IC .795495129, RankIC .820782682.
SELECT setseed(0.5);
INSERT INTO bourse.instrument (symbol) SELECT 'T' || lpad(i::text, 2, '0') FROM generate_series(1, 30) AS i;
INSERT INTO bourse.data_version (source, rows_read, rows_loaded, rows_rejected) VALUES ('bars.csv', 1003, 1000, 3);
INSERT INTO bourse.data_file (data_version_id, path, sha256, size_bytes, state)
    SELECT max(data_version_id), '/data/bars.csv', sha256('x'), 12345, 'loaded' FROM bourse.data_version;
INSERT INTO bourse.feature_set (name, version, freq, features, expressions, description)
    SELECT 'report_set', 1, '1d', array_agg('feature_' || i ORDER BY i), array_agg('Mean($close, ' || i || ')/$close < 1' ORDER BY i), 'for a test'
    FROM generate_series(1, 25) AS i;
INSERT INTO bourse.run (run_id, model, algorithm, feature_set_id, label, universe, from_ts, to_ts, split, params, seed, state,
                        created_at, started_at, finished_at, data_version_ids, dataset)
    SELECT 1, 'demo', 'xgboost', feature_set_id, 'Ref($close,-2)/Ref($close,-1)-1', 'all', '2015-01-01', '2020-12-31',
        '{"train": 0.6, "valid": 0.2, "test": 0.2, "purge_bars": 2}', '{"max_depth": 6, "note": "<script>alert(1)</script>"}', 7, 'succeeded',
        '2021-01-01 10:00', '2021-01-01 10:00:05', '2021-01-01 10:02:35', (SELECT array_agg(data_version_id) FROM bourse.data_version),
        '{"train": {"rows": 4000, "timestamps": 200, "purged_rows": 60, "from": "2015-01-01T00:00:00Z", "to": "2018-12-31T00:00:00Z"},
          "valid": {"rows": 1300, "timestamps": 100, "purged_rows": 60, "from": "2019-01-03T00:00:00Z", "to": "2019-12-27T00:00:00Z"},
          "test": {"rows": 7831, "timestamps": 262, "purged_rows": 0, "from": "2020-01-01T00:00:00Z", "to": "2020-12-31T00:00:00Z"},
          "rounds": 61, "label_bars": 2, "stopped": "early"}'
    FROM bourse.feature_set WHERE name = 'report_set';
INSERT INTO bourse.run_metric (run_id, span, metric, step, value)
    SELECT 1, span, 'rmse', step, 0.02 + 0.01 * exp(-step / 20.0) + CASE span WHEN 'valid' THEN 0.002 + 0.00002 * greatest(step - 60, 0) ELSE 0 END
    FROM unnest(ARRAY['train', 'valid']) AS span, generate_series(1, 120) AS step;
INSERT INTO bourse.run_metric (run_id, span, metric, value) VALUES
    (1, 'test', 'ic', 0.0512), (1, 'test', 'icir', 0.4321), (1, 'test', 'rank_ic', 0.0487), (1, 'test', 'rank_icir', 0.4105),
    (1, 'train', 'rmse', 0.0201), (1, 'valid', 'rmse', 0.0231), (1, 'test', 'rmse', 0.0229), (1, 'test', 'hit_ratio', 'NaN');
INSERT INTO bourse.model (name) VALUES ('demo');
INSERT INTO bourse.artifact (format, sha256, size_bytes) VALUES ('bourse-model', sha256('model'), 54321);
INSERT INTO bourse.model_version (model_id, version, run_id, algorithm, feature_set_id, features, label, artifact_id)
    SELECT m.model_id, 3, 1, 'xgboost', r.feature_set_id, s.features, r.label, (SELECT max(artifact_id) FROM bourse.artifact)
    FROM bourse.model AS m, bourse.run AS r JOIN bourse.feature_set AS s USING (feature_set_id) WHERE r.run_id = 1;
INSERT INTO bourse.model_stage (model_version_id, model_id, stage) SELECT model_version_id, model_id, 'production' FROM bourse.model_version;
INSERT INTO bourse.importance (model_version_id, feature, kind, value)
    SELECT v.model_version_id, f, kind, 100.0 / position FROM bourse.model_version AS v, unnest(v.features) WITH ORDINALITY AS u (f, position),
        unnest(ARRAY['gain', 'weight']) AS kind;
INSERT INTO bourse.lineage_edge (from_kind, from_id, to_kind, to_id) VALUES
    ('data_version', '1', 'run', '1'), ('run', '1', 'model_version', (SELECT max(model_version_id)::text FROM bourse.model_version)),
    ('feature_set', (SELECT feature_set_id::text FROM bourse.feature_set WHERE name = 'report_set'), 'run', '1');
INSERT INTO bourse.run_log (run_id, level, message) VALUES (1, 'info', 'read 6600 rows & split them'), (1, 'warn', 'feature "x" < 0');

CREATE TEMP TABLE pairs AS
    SELECT '2020-01-01'::timestamptz AS ts, i AS instrument_id, ('{.3,.1,.5,.2,.5}'::float8[])[i] AS prediction, ('{.02,-.01,.03,0,.01}'::float8[])[i] AS outcome
    FROM generate_series(1, 5) AS i
    UNION ALL
    SELECT d, i, p, 0.0008 * p + 0.015 * (random() + random() + random() - 1.5)
    FROM generate_series('2020-01-02'::timestamptz, '2020-12-31', '1 day') AS d, generate_series(1, 30) AS i,
        LATERAL (SELECT random() + random() - 1 + 0 * i AS p) AS r
    WHERE extract(isodow FROM d) < 6;
INSERT INTO bourse.prediction (model_version_id, instrument_id, ts, span, prediction)
    SELECT v.model_version_id, i.instrument_id, p.ts, 'test', p.prediction
    FROM pairs AS p, bourse.model_version AS v, (SELECT instrument_id, row_number() OVER (ORDER BY instrument_id) AS n FROM bourse.instrument) AS i
    WHERE i.n = p.instrument_id;
INSERT INTO bourse.outcome (label, freq, instrument_id, ts, outcome)
    SELECT r.label, '1d', i.instrument_id, p.ts, p.outcome
    FROM pairs AS p, bourse.run AS r, (SELECT instrument_id, row_number() OVER (ORDER BY instrument_id) AS n FROM bourse.instrument) AS i
    WHERE i.n = p.instrument_id;
INSERT INTO bourse.drift_result (model_version_id, from_ts, to_ts, feature, ks, p_value, psi, missing_reference_ratio, missing_current_ratio, verdict, advice)
    SELECT v.model_version_id, '2021-01-01', '2021-03-31', f, x.ks, x.p, x.psi, 0, 0.0125, x.verdict, x.advice
    FROM bourse.model_version AS v,
        (VALUES ('feature_1', 0.31, 1e-12, 0.4, 'severe', 'train again'), ('feature_2', 0.12, 0.01, 0.15, 'moderate', 'watch it'),
                ('feature_3', 0.01, 0.9, 0.002, 'none', 'nothing to do')) AS x (f, ks, p, psi, verdict, advice);
