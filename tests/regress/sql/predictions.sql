-- Kept predictions and their outcomes: each once, outcomes as soon as the label's horizon has passed.
\ir ../data/registry.sql
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
    SELECT s, '1d', '2020-01-05'::timestamptz + d * interval '1 day', p, p, p, p, 100 + d
    FROM (VALUES ('AAA', 1), ('BBB', 2), ('CCC', 3)) AS v (s, i), generate_series(1, 6) AS d, LATERAL (SELECT 100 + (i * d * d) % 7 AS p) AS x;
INSERT INTO bourse.feature_set (name, version, freq, features, expressions, materialized) VALUES ('pair', 1, '1d', '{ret,sector}', '{$close,$open}', true) RETURNING feature_set_id \gset
SELECT format('CREATE TABLE bourse.feature_value_pair PARTITION OF bourse.feature_value FOR VALUES IN (%s)', :feature_set_id) \gexec
INSERT INTO bourse.feature_value (feature_set_id, instrument_id, ts, available_at, features)
    SELECT :feature_set_id, b.instrument_id, b.ts, b.ts + interval '1 day', ARRAY[b.close - 102, b.instrument_id % 3]::real[]::bourse.fvec FROM bourse.bar AS b;
SELECT test.register_version('kept', NULL, 'xgboost', :feature_set_id, '{ret,sector}', 'Ref($close,-2)/Ref($close,-1)-1', :'steps') > 0 AS registered;

-- the bare name is production only; a version that is named is kept at once
SELECT bourse.log_predictions('kept');
SELECT bourse.log_predictions('kept:1', '2020-01-06', '2020-01-08') AS new_rows;
SELECT bourse.log_predictions('kept:1') AS new_rows;
SELECT bourse.log_predictions('kept@latest') AS new_rows;
SELECT count(*), count(DISTINCT (instrument_id, ts)), string_agg(DISTINCT span, ' ') FROM bourse.prediction;
SELECT count(*) AS wrong FROM bourse_bi.prediction AS p JOIN bourse.predict_table('kept:1') AS t USING (symbol, ts) WHERE p.prediction <> t.prediction;

-- two of six days are not known yet; the numbers by window functions
SELECT count(*) AS outcomes FROM bourse_bi.prediction WHERE outcome IS NOT NULL;
SELECT bourse.update_outcomes('kept') AS new_rows;
SELECT bourse.update_outcomes() AS new_rows;
CREATE TEMP VIEW expected AS SELECT symbol, ts, lead(close, 2) OVER w / lead(close) OVER w - 1 AS outcome FROM bourse_bi.bar WINDOW w AS (PARTITION BY symbol ORDER BY ts);
SELECT count(*) AS rows, count(p.outcome) AS known, count(*) FILTER (WHERE abs(p.outcome - e.outcome) < 1e-7) AS equal,
    count(*) FILTER (WHERE (p.outcome IS NULL) <> (e.outcome IS NULL)) AS wrong
FROM bourse_bi.prediction AS p JOIN expected AS e USING (symbol, ts);

-- a day later one more day is known; what was known stays
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) SELECT s, '1d', '2020-01-12', 101, 101, 101, 101, 107 FROM unnest('{AAA,BBB,CCC}'::text[]) AS s;
SELECT bourse.update_outcomes() AS new_rows;
SELECT count(*) FILTER (WHERE abs(p.outcome - e.outcome) < 1e-7) AS equal, count(*) FILTER (WHERE (p.outcome IS NULL) <> (e.outcome IS NULL)) AS wrong
FROM bourse_bi.prediction AS p JOIN expected AS e USING (symbol, ts);

-- errors and rights
SELECT bourse.log_predictions('kepd');
\echo :LAST_ERROR_SQLSTATE
SELECT bourse.update_outcomes('kepd');
SELECT bourse.log_predictions('kept:1', universe => 'nobody');
SET ROLE bourse_reader;
SELECT bourse.log_predictions('kept:1');
SELECT bourse.update_outcomes();
SET ROLE bourse_researcher;
SELECT bourse.update_outcomes() AS new_rows;
INSERT INTO bourse.prediction (model_version_id, instrument_id, ts, prediction) VALUES (1, 1, now(), 0);
