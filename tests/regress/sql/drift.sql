-- bourse.drift: a model's features against its training data, feature by feature.
\set ON_ERROR_STOP off
SET TIME ZONE 'UTC';

-- three instruments of universe 'three' and one outsider, 200 days, pseudo-random features in 0..1:
-- steady never changes, moved is shifted by 0.5 in the last 60 days, crept by 0.12, gappy loses values, gone loses all
INSERT INTO bourse.instrument (instrument_id, symbol) SELECT i, 'S' || i FROM generate_series(1, 4) AS i;
INSERT INTO bourse.universe (name, instrument_id) SELECT 'three', i FROM generate_series(1, 3) AS i;
INSERT INTO bourse.feature_set (feature_set_id, name, version, freq, features, expressions) OVERRIDING SYSTEM VALUE
VALUES (9001, 'small', 1, '1d', ARRAY['steady', 'moved', 'crept', 'gappy', 'gone', 'unused'], ARRAY['1', '2', '3', '4', '5', '6']);
CREATE TABLE bourse.feature_value_small PARTITION OF bourse.feature_value FOR VALUES IN (9001);
CREATE FUNCTION pg_temp.uniform(i int, d int, k int) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN (('x' || substr(md5(format('%s/%s/%s', i, d, k)), 1, 8))::bit(32)::bigint) / 4294967296.0::float8;
INSERT INTO bourse.feature_value
SELECT 9001, i, '2020-01-01'::timestamptz + d * interval '1 day', '2020-01-01'::timestamptz + d * interval '1 day 1 hour',
    ARRAY[pg_temp.uniform(i, d, 1), pg_temp.uniform(i, d, 2) + 0.5 * recent, pg_temp.uniform(i, d, 3) + 0.12 * recent,
          CASE WHEN recent = 1 AND d % 2 = 0 THEN 'NaN' ELSE pg_temp.uniform(i, d, 4) END,
          CASE WHEN recent = 1 THEN 'NaN' ELSE pg_temp.uniform(i, d, 5) END, 0]::float8[]::bourse.fvec
FROM generate_series(1, 4) AS i, generate_series(0, 199) AS d, LATERAL (SELECT (d >= 140)::int AS recent) AS r
WHERE i < 4 OR d < 190;
-- the outsider would drift: it is not in the universe of the run
UPDATE bourse.feature_value SET features = '{9,9,9,9,9,9}'::bourse.fvec WHERE instrument_id = 4;

INSERT INTO bourse.run (run_id, model, algorithm, feature_set_id, label, universe, split, params, seed) VALUES (9007, 'demo', 'xgboost', 9001, 'l', 'three', '{}', '{}', 0);
INSERT INTO bourse.model (model_id, name) OVERRIDING SYSTEM VALUE VALUES (9001, 'demo'), (9002, 'imported');
INSERT INTO bourse.artifact (artifact_id, format, sha256, size_bytes) OVERRIDING SYSTEM VALUE VALUES (9001, 'bourse-model', sha256('x'), 1);
INSERT INTO bourse.model_version (model_version_id, model_id, version, run_id, algorithm, feature_set_id, features, artifact_id) OVERRIDING SYSTEM VALUE
VALUES (9001, 9001, 1, 9007, 'xgboost', 9001, ARRAY['steady', 'moved', 'crept', 'gappy', 'gone'], 9001),
       (9002, 9002, 1, NULL, 'xgboost', NULL, ARRAY['a'], 9001);
INSERT INTO bourse.model_stage (model_version_id, model_id, stage) VALUES (9001, 9001, 'production'), (9002, 9002, 'development');
SELECT * FROM bourse.drift('demo');
-- the training span: the first 120 days
INSERT INTO bourse.drift_reference (model_version_id, feature, position, n, missing, edges, counts, sample)
SELECT 9001, s.features[k], k, count(*), 0,
    (SELECT array_agg(q) FROM unnest(percentile_cont(ARRAY[.1,.2,.3,.4,.5,.6,.7,.8,.9]) WITHIN GROUP (ORDER BY v.features[k]::float8)) AS q),
    array_fill(36, ARRAY[10]), array_agg(v.features[k]::float8 ORDER BY v.features[k])
FROM bourse.feature_set AS s, generate_series(1, 5) AS k, bourse.feature_value AS v
WHERE s.feature_set_id = 9001 AND v.feature_set_id = 9001 AND v.instrument_id < 4 AND v.ts < '2020-04-30' GROUP BY s.features, k;

-- the last 60 days, worst first
SELECT feature, round(ks::numeric, 6) AS ks, p_value < 0.05 AS p_below, round(psi::numeric, 6) AS psi, missing_reference_ratio AS missing_reference, missing_current_ratio AS missing_current, verdict, advice
FROM bourse.drift('demo');
-- the same numbers from ks_test and psi over arrays
SELECT d.feature, d.ks = (bourse.ks_test(r.sample, c.v)).statistic AS ks, abs(d.p_value - (bourse.ks_test(r.sample, c.v)).p_value) < 1e-12 AS p,
    abs(d.psi - bourse.psi(r.sample, c.v)) < 1e-12 AS psi
FROM bourse_bi.drift AS d JOIN bourse.drift_reference AS r USING (feature)
JOIN LATERAL (SELECT array_agg(v.features[r.position]::float8) FROM bourse.feature_value AS v WHERE v.instrument_id < 4 AND v.ts >= '2020-05-20') AS c(v) ON true
WHERE d.psi IS NOT NULL ORDER BY 1;
SELECT model, version, from_ts, to_ts, count(*), count(DISTINCT checked_at) FROM bourse_bi.drift GROUP BY 1, 2, 3, 4;

-- the training span itself does not drift; a window before the last check is no second window
SELECT feature, ks, verdict, advice FROM bourse.drift('demo', '2020-01-01', '2020-04-30') ORDER BY feature;
-- ten days later most of the window is the same: still the first; sixty days later it is a second one: investigate
SELECT feature, verdict, advice FROM bourse.drift('demo:1', '2020-05-30');
UPDATE bourse.feature_value SET ts = ts + interval '60 days' WHERE ts >= '2020-05-20';
SELECT feature, verdict, advice FROM bourse.drift('demo:1');
-- limits are settings
BEGIN;
UPDATE bourse.setting SET value = '0.9' WHERE name IN ('drift_severe_ks', 'drift_moderate_effect');
UPDATE bourse.setting SET value = '100' WHERE name = 'drift_severe_psi';
SELECT verdict, count(*) FROM bourse.drift('demo@production') GROUP BY 1 ORDER BY 1;
UPDATE bourse.setting SET value = '"often"' WHERE name = 'drift_alpha';
SELECT * FROM bourse.drift('demo');
ROLLBACK;
-- few days: too few values for a verdict
SELECT feature, verdict, advice FROM bourse.drift('demo', '2020-09-10') LIMIT 1;

-- what cannot be answered
SELECT * FROM bourse.drift('dmo');
SELECT * FROM bourse.drift('demo:9');
SELECT * FROM bourse.drift('demo@archived');
SELECT * FROM bourse.drift(NULL);
SELECT * FROM bourse.drift('imported@latest');
SELECT * FROM bourse.drift('demo', '2021-01-01');
SELECT * FROM bourse.drift('demo', to_ts => '2019-01-01');
SELECT * FROM bourse.drift('demo', '2020-02-01', '2020-02-01');
BEGIN;
UPDATE bourse.drift_reference SET counts = '{1,2}' WHERE feature = 'moved';
SELECT * FROM bourse.drift('demo');
ROLLBACK;
-- a reader may look, not check
SET ROLE bourse_reader;
SELECT count(*) > 0 AS sees FROM bourse_bi.drift;
SELECT * FROM bourse.drift('demo');
SET ROLE bourse_researcher;
SELECT count(*) FROM bourse.drift('demo', '2020-01-01', '2020-01-02');
RESET ROLE;
SELECT count(*) AS kept_after_errors FROM bourse.drift_result;
