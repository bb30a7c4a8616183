-- The table "Odd inputs" of docs/reference/expressions.md, as a user meets it in SQL.
\pset null '∅'
SET client_min_messages = warning;
INSERT INTO bourse.instrument (symbol, calendar) VALUES ('NONE', '24x7'), ('ONE', '24x7'), ('MANY', '24x7'), ('GAPS', '24x7');
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) VALUES ('ONE', '1d', '2024-01-01 00:00+00', 7, 9, 6, 8, 100);
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT s, '1d', timestamptz '2024-01-01 00:00+00' + d * interval '1 day', 10 + d, 12 + d, 9 + d, 11 + d, 5 FROM generate_series(0, 39) AS d, unnest(ARRAY['MANY', 'GAPS']) AS s WHERE s = 'MANY' OR d % 3 <> 1;

-- empty series: an instrument without bars, a span without rows
SELECT count(*) FROM bourse.evaluate('Mean($close,5)', 'NONE');
SELECT count(*) FROM bourse.evaluate('Mean($close,5)', 'MANY', '2030-01-01');
SELECT count(*) FROM bourse.evaluate('Mean($close,5)', 'MANY', '2024-01-05 00:00+00', '2024-01-05 00:00+00');
SELECT bourse.features('alpha158', 'NONE') IS NULL AS nothing;
SELECT count(*) FILTER (WHERE symbol = 'NONE') FROM bourse.evaluate_panel(ARRAY['$close']);

-- one bar
SELECT e.expression, v.value FROM unnest(ARRAY['$close', 'Mean($close,5)', 'Std($close,5)', 'Slope($close,5)', 'Rank($close,5)', 'Ref($close,1)', 'Delta($close,1)', 'EMA($close,5)', 'RSI($close,14)', 'Corr($close,$open,5)', 'CSRank($close)', '$close@1w']) WITH ORDINALITY AS e(expression, n),
    bourse.evaluate(e.expression, 'ONE') AS v ORDER BY n;
SELECT bourse.fvec_length(bourse.features('alpha158', 'ONE')), bourse.fvec_length(bourse.features('alpha360', 'ONE'));

-- all values missing: a set of such a feature is made, stored rows would hold NaN
SELECT count(*), count(value) FROM bourse.evaluate('Log(0-$close)', 'MANY');
SELECT DISTINCT value FROM bourse.evaluate('Count(Log(0-$close),5)', 'MANY');
SELECT DISTINCT value FROM bourse.evaluate('Mean(Log(0-$close),5)', 'MANY');

-- gaps: rows of missing values
SELECT (ts AT TIME ZONE 'UTC')::date AS day, value FROM bourse.evaluate('Mean($close,2)', 'GAPS', to_ts => '2024-01-06 00:00+00');

-- duplicates: of bars, of expressions, of names
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) SELECT 'ONE', '1d', '2024-01-01 00:00+00', 7, 9, 6, 8, 100 FROM generate_series(1, 3);
SELECT count(*), max(value) FROM bourse.evaluate('$close', 'ONE');
SELECT bourse.create_feature_set('twice', '{"a": "$close/$open", "b": "$close / $open"}'::jsonb) > 0 AS made;
SELECT node, inputs, features FROM bourse.explain_features('twice') ORDER BY features DESC LIMIT 1;
SELECT bourse.create_feature_set('same', ARRAY['$close', '$close']);

-- infinite values: refused in bars, kept in other series; missing inside windows; beyond float32 infinite in vectors
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) VALUES ('ONE', '1d', '2024-01-02 00:00+00', 7, 'Infinity', 6, 8, 100);
SELECT rule FROM bourse.bar_reject;
INSERT INTO bourse.bar_field (instrument_id, freq, field, ts, value)
SELECT instrument_id, '1d', 'odd', timestamptz '2024-01-01 00:00+00' + d * interval '1 day', CASE d WHEN 0 THEN 1 WHEN 1 THEN 'Infinity' WHEN 2 THEN 'NaN' WHEN 3 THEN 1e300 ELSE 5 END FROM bourse.instrument, generate_series(0, 4) AS d WHERE symbol = 'MANY';
SELECT o.value AS odd, m.value AS mean, s.value AS negative FROM bourse.evaluate('$odd', 'MANY', to_ts => '2024-01-06 00:00+00') AS o JOIN bourse.evaluate('Mean($odd,2)', 'MANY') AS m USING (ts) JOIN bourse.evaluate('-$odd', 'MANY') AS s USING (ts) ORDER BY ts;
SELECT features FROM bourse.evaluate_panel(ARRAY['$odd', '-$odd', '$odd/1e300*1e-60'], to_ts => '2024-01-06 00:00+00') WHERE symbol = 'MANY' ORDER BY ts;

-- absurd periods
SELECT round(value::numeric, 6) FROM bourse.evaluate('Mean($close,0)', 'MANY') ORDER BY ts DESC LIMIT 1;
SELECT * FROM bourse.evaluate('EMA($close,0)', 'MANY');
SELECT * FROM bourse.evaluate('RSI($close,0)', 'MANY');
SELECT * FROM bourse.evaluate('Mean($close,-1)', 'MANY');
SELECT * FROM bourse.evaluate('Mean($close,1000000000)', 'MANY');
SELECT * FROM bourse.evaluate('Ref($close,1000000000)', 'MANY');
SELECT * FROM bourse.evaluate('Mean($close,NaN)', 'MANY');
SELECT * FROM bourse.evaluate('Mean($close,1e999)', 'MANY');
SELECT bourse.create_feature_set('ahead', ARRAY['Ref($close,-1)']);

-- nesting, length
SELECT * FROM bourse.evaluate(repeat('(', 10000) || '$close' || repeat(')', 10000), 'MANY');
SELECT * FROM bourse.evaluate(repeat('Abs(', 10000) || '$close' || repeat(')', 10000), 'MANY');
SELECT * FROM bourse.evaluate(repeat('-', 10000) || '$close', 'MANY');
SELECT max(value) FROM bourse.evaluate('$close' || repeat('+$close', 9999), 'ONE');
SELECT * FROM bourse.evaluate('$close' || repeat(' ', 100000), 'MANY');

-- 2,000 features in a set: computed together, two views; 16,000 at most
SELECT bourse.create_feature_set('many', (SELECT jsonb_agg(jsonb_build_object('name', 'f' || n, 'expression', format('Mean($close,%s)/$close', n)) ORDER BY n) FROM generate_series(1, 2000) AS n)) > 0 AS made;
SELECT bourse.fvec_length(f), f[2] = (SELECT value::real FROM bourse.evaluate('Mean($close,2)/$close', 'MANY') ORDER BY ts DESC LIMIT 1) AS second, f[2000] = (SELECT value::real FROM bourse.evaluate('Mean($close,2000)/$close', 'MANY') ORDER BY ts DESC LIMIT 1) AS last
FROM bourse.features('many', 'MANY') AS f;
SELECT table_name, count(*) FROM information_schema.columns WHERE table_schema = 'bourse_bi' AND table_name LIKE 'feature\_many%' GROUP BY 1 ORDER BY 1;
SELECT bourse.create_feature_set('more', (SELECT array_agg(format('$close*%s', n)) FROM generate_series(1, 16001) AS n));
