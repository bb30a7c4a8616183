-- Expressions and feature sets as a user sees them in psql.
\set VERBOSITY default
\pset null '∅'
SET client_min_messages = notice;

-- A market: two stocks of a calendar with sessions (one day missing, one suspended), one without calendar, one around the clock.
INSERT INTO bourse.instrument (symbol, calendar) VALUES ('AAA', 'XTST'), ('BBB', 'XTST'), ('CCC', NULL), ('BTCUSDT', '24x7');
INSERT INTO bourse.calendar (calendar, session, open_at, close_at)
SELECT 'XTST', d::date, d + interval '14 hours 30 minutes', d + interval '21 hours'
FROM generate_series(timestamptz '2024-01-01', '2024-01-31', '1 day') AS d WHERE extract(isodow FROM d) < 6 AND d <> '2024-01-15';
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume, amount, adj_factor)
SELECT s.symbol, '1d', d, s.base + n, s.base + n + 2, s.base + n - 2, s.base + n + 1, 100 * n, 100 * n * (s.base + n), CASE WHEN n > 10 THEN 0.5 ELSE 1 END
FROM (VALUES ('AAA', 10), ('BBB', 20)) AS s(symbol, base), LATERAL (
    SELECT d, row_number() OVER (ORDER BY d) AS n FROM generate_series(timestamptz '2024-01-01', '2024-01-31', '1 day') AS d
    WHERE extract(isodow FROM d) < 6 AND d <> '2024-01-15') AS days
WHERE (s.symbol, n) NOT IN (('AAA', 4), ('BBB', 6));
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) VALUES ('BBB', '1d', '2024-01-08', 27, 27, 27, 27, 0);  -- suspended
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT 'CCC', '1d', d, 5, 5, 5, 5, 0 FROM generate_series(timestamptz '2024-01-01', '2024-01-10', '3 days') AS d;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT 'BTCUSDT', '1d', d, 100, 110, 90, 105, 7 FROM generate_series(timestamptz '2024-01-06', '2024-01-12', '2 days') AS d;

-- a session without a bar is a row, a holiday is none; a suspended session is missing where there are sessions
SELECT * FROM bourse.evaluate('$close', 'AAA', '2024-01-03', '2024-01-10');
SELECT * FROM bourse.evaluate('$close', 'AAA', '2024-01-12', '2024-01-18');
SELECT * FROM bourse.evaluate('$close', 'AAA', '2024-01-03', '2024-01-10', options => '{"grid": "bars"}');
SELECT * FROM bourse.evaluate('$close', 'BBB', '2024-01-05', '2024-01-10');
SELECT * FROM bourse.evaluate('$close', 'BBB', '2024-01-05', '2024-01-10', options => '{"suspended": "keep"}');
SELECT * FROM bourse.evaluate('$close', 'CCC');
SELECT * FROM bourse.evaluate('$close', 'BTCUSDT');
-- adjusted and raw; vwap, factor, change
SELECT * FROM bourse.evaluate('$close', 'AAA', '2024-01-11', '2024-01-17');
SELECT * FROM bourse.evaluate('$close', 'AAA', '2024-01-11', '2024-01-17', options => '{"adjusted": false}');
SELECT * FROM bourse.evaluate('$volume*$close/$amount + 0*$factor', 'AAA', '2024-01-11', '2024-01-17');
SELECT ts, round(value::numeric, 6) FROM bourse.evaluate('$vwap', 'AAA', '2024-01-11', '2024-01-17');
SELECT ts, round(value::numeric, 6) FROM bourse.evaluate('$change', 'AAA', '2024-01-03', '2024-01-09');
-- windows skip what is missing; the label looks ahead
SELECT * FROM bourse.evaluate('Count($close,5)', 'AAA', '2024-01-03', '2024-01-10');
SELECT ts, round(value::numeric, 6) FROM bourse.evaluate('Ref($close,-2)/Ref($close,-1)-1', 'AAA', '2024-01-25');
-- the same rows whether asked for in part or as a whole
SELECT count(*), count(*) FILTER (WHERE w.value IS DISTINCT FROM p.value) AS different
FROM bourse.evaluate('Std($close,7)/RSI($close,3)', 'AAA') AS w JOIN bourse.evaluate('Std($close,7)/RSI($close,3)', 'AAA', '2024-01-17', '2024-01-24') AS p USING (ts);
-- Qlib's traps on request
SELECT p.value AS ours, s.value AS qlib FROM bourse.evaluate('WMA($close,3)', 'AAA', '2024-01-24', '2024-01-25') AS p,
    bourse.evaluate('WMA($close,3)', 'AAA', '2024-01-24', '2024-01-25', options => '{"strict_qlib": true}') AS s;
-- other series
INSERT INTO bourse.bar_field (instrument_id, freq, field, ts, value) SELECT instrument_id, '1d', 'Mood', '2024-01-04', 0.25 FROM bourse.instrument WHERE symbol = 'AAA';
SELECT * FROM bourse.evaluate('$mood*4', 'AAA', '2024-01-03', '2024-01-06');
-- a universe and its spans
INSERT INTO bourse.universe (name, instrument_id, span) SELECT 'few', instrument_id, '[2024-01-03,2024-01-05)' FROM bourse.instrument WHERE symbol = 'BBB';
SELECT symbol, ts, features FROM bourse.evaluate_panel(ARRAY['$close', 'Ref($close,1)', '$close > Ref($close,1)'], 'few');
SELECT symbol, count(*) FROM bourse.evaluate_panel(ARRAY['$close']) GROUP BY symbol ORDER BY symbol;
-- the same rows as bytes, instrument by instrument
SELECT m.symbol, length(m.ts_us) / 8 AS rows, m.features = p.features AS same, m.ts_us = p.ts_us AS same_times
FROM bourse.evaluate_matrix(ARRAY['$close', 'EMA($close,5)', 'RSI($close,3)/Mean($close,4)']) AS m
    FULL JOIN (SELECT r.symbol, string_agg(bourse.fvec_bytes(r.features), '' ORDER BY r.ts) AS features, string_agg(t.bytes, '' ORDER BY r.ts) AS ts_us
               FROM bourse.evaluate_panel(ARRAY['$close', 'EMA($close,5)', 'RSI($close,3)/Mean($close,4)']) AS r,
                   LATERAL (SELECT string_agg(substr(int8send(bourse.to_unix_us(r.ts)), n, 1), '' ORDER BY n DESC) AS bytes FROM generate_series(1, 8) AS n) AS t
               GROUP BY r.symbol) AS p USING (symbol)
ORDER BY symbol;
SELECT symbol, length(ts_us), length(features) FROM bourse.evaluate_matrix(ARRAY['$close', '$open'], 'few');
SELECT count(*) FROM bourse.evaluate_matrix(ARRAY['$close'], from_ts => '2030-01-01');
SELECT * FROM bourse.evaluate_matrix('{}');

-- other frequencies, instruments, cross-sections: nothing that is not closed
SELECT ts, round(value::numeric, 6) FROM bourse.evaluate('$close@1w', 'AAA', '2024-01-03', '2024-01-11');
SELECT * FROM bourse.evaluate('Mask($close,''BBB'')-$close', 'AAA', '2024-01-03', '2024-01-09');
SELECT * FROM bourse.evaluate('ChangeInstrument("BTCUSDT",$close)', 'AAA', '2024-01-08', '2024-01-10');
SELECT * FROM bourse.evaluate('TResample($volume,"1w","sum")', 'BTCUSDT', '2024-01-08', '2024-01-10');
SELECT symbol, ts, features FROM bourse.evaluate_panel(ARRAY['CSRank($close)', 'CSMean($close,''few'')'], 'all', '2024-01-03', '2024-01-05') ORDER BY ts, symbol;
SELECT symbol, ts, features FROM bourse.evaluate_panel(ARRAY['CSRank($close)'], 'few');
SELECT * FROM bourse.check_expressions(ARRAY['Mean($close@1w,4)', 'CSRank(Ref($close,3))', 'Mask(Ref($close,-1),''X'')']);
SELECT * FROM bourse.evaluate('Mask($close,''BBC'')', 'AAA');
SELECT * FROM bourse.evaluate('CSRank($close,''fewer'')', 'AAA');
SELECT * FROM bourse.evaluate('Mask($close)', 'AAA');
SELECT * FROM bourse.evaluate('$close@2w', 'AAA');
SELECT * FROM bourse.evaluate('$mod@1w', 'AAA');
SELECT * FROM bourse.evaluate('Ref($close,-1)@1w', 'AAA');

-- what is refused, and how
SELECT * FROM bourse.evaluate('Maen($close,5)', 'AAA');
SELECT * FROM bourse.evaluate('Mean($close,5', 'AAA');
SELECT * FROM bourse.evaluate('Mean($clsoe,5)', 'AAA');
SELECT * FROM bourse.evaluate('Mean($close,-1)', 'AAA');
SELECT * FROM bourse.evaluate('Mean($close,1e9)', 'AAA');
SELECT * FROM bourse.evaluate('Mean($close,NaN)', 'AAA');
SELECT * FROM bourse.evaluate('RSI($close,0)', 'AAA');
SELECT * FROM bourse.evaluate('$close > 2 & $open > 2', 'AAA');
SELECT * FROM bourse.evaluate(repeat('(', 10000) || '$close' || repeat(')', 10000), 'AAA');
SELECT * FROM bourse.evaluate('', 'AAA');
SELECT * FROM bourse.evaluate(NULL, 'AAA');
SELECT * FROM bourse.evaluate('$close', 'AAB');
SELECT * FROM bourse.evaluate('$close', 'AAA', freq => '2d');
SELECT * FROM bourse.evaluate('$close', 'AAA', '2024-02-01', '2024-01-01');
SELECT * FROM bourse.evaluate('$close', 'AAA', options => '{"adjustd": false}');
SELECT * FROM bourse.evaluate('$close', 'AAA', options => '{"adjusted": "yes"}');
SELECT * FROM bourse.evaluate('$close', 'AAA', options => '[]');
SELECT * FROM bourse.evaluate_panel(ARRAY['$close'], 'fewer');
SELECT * FROM bourse.evaluate_panel('{}');
SELECT * FROM bourse.evaluate_panel(ARRAY['$close', NULL]);

-- the codes that programs look at
\set VERBOSITY sqlstate
SELECT * FROM bourse.evaluate('Maen($close,5)', 'AAA');
SELECT * FROM bourse.evaluate('$close', 'AAA', options => '{"adjustd": false}');
SELECT bourse.features('mien', 'AAA');
SELECT * FROM bourse.evaluate('$close', 'AAB');
\set VERBOSITY default

-- no rows, no error: nothing in the span, no bars at this frequency
SELECT * FROM bourse.evaluate('$close', 'AAA', '2030-01-01');
SELECT * FROM bourse.evaluate('$close', 'AAA', freq => '1h');
SELECT * FROM bourse.evaluate('$close', 'AAA', '-infinity', '2024-01-02');

-- feature sets: names, versions, views
SELECT bourse.create_feature_set('mine', ARRAY['$close/Ref($close,1)-1', 'Mean($close, 5)/$close']) > 0 AS made;
SELECT version, freq, features, lookback_bars, materialized FROM bourse.feature_set WHERE name = 'mine';
SELECT bourse.create_feature_set('mine', '[{"name": "Up day", "expression": "$close>Ref($close,1)"}, {"name": "ema", "expression": "EMA($close,3)/$close"}]'::jsonb, materialize => true) > 0 AS made;
SELECT version, features, lookback_bars, materialized FROM bourse.feature_set WHERE name = 'mine' ORDER BY version;
SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'bourse_bi' AND table_name = 'feature_mine' ORDER BY ordinal_position;
SELECT obj_description('bourse_bi.feature_mine'::regclass);
SELECT bourse.features('mine', 'AAA'), bourse.features('mine:1', 'AAA', '2024-01-05'), bourse.features('mine', 'AAA', '2023-12-31') IS NULL AS before_the_first;
SELECT cardinality(features) >= 30 AS enough, lookback_bars FROM bourse.feature_set WHERE name = 'basic';
SELECT bourse.create_feature_set('leaky', ARRAY['$close', 'Ref($close,-2)/Ref($close,-1)-1']);
SELECT bourse.create_feature_set('mine', ARRAY['$close', 'Maen($close,5)']);
SELECT bourse.create_feature_set('mine', ARRAY['$clsoe']);
SELECT bourse.create_feature_set('mine', ARRAY['$close', ' $close ']);
SELECT bourse.create_feature_set('mine', jsonb_build_object('ts', '$close'));
SELECT bourse.create_feature_set('mine', jsonb_build_object(repeat('x', 64), '$close'));
SELECT bourse.create_feature_set('mine', '{"a": 1}'::jsonb);
SELECT bourse.create_feature_set('mine', '{}'::text[]);
SELECT bourse.create_feature_set('mine', ARRAY['$close', NULL]);
SELECT bourse.create_feature_set('two words', ARRAY['$close']);
SELECT bourse.create_feature_set('set', ARRAY['$close']);
SELECT bourse.create_feature_set('mine', ARRAY['$close'], freq => '2d');
SELECT bourse.features('mien', 'AAA');
SELECT count(*) FROM bourse.feature_set WHERE name = 'mine';
-- more than a view can hold: two views
SELECT bourse.create_feature_set('wide', (SELECT array_agg('Ref($close,' || n || ')/$close') FROM generate_series(1, 1600) AS n)) > 0 AS made;
SELECT table_name, count(*) FROM information_schema.columns WHERE table_schema = 'bourse_bi' AND table_name LIKE 'feature\_wide%' GROUP BY 1 ORDER BY 1;

-- a stored set: what is dirty, one waiting job
SELECT i.symbol, d.from_ts, d.to_ts FROM bourse.feature_dirty AS d JOIN bourse.instrument AS i USING (instrument_id) ORDER BY 1;
SELECT bourse.enqueue_refresh_jobs();
SELECT bourse.enqueue_refresh_jobs();
SELECT bourse.refresh_features('mine') = (SELECT job_id FROM bourse.job WHERE kind = 'refresh_features') AS the_same_job;
SELECT bourse.refresh_features('mine', ARRAY['AAB']);
SELECT bourse.refresh_features('mien');
SELECT kind, state, args - 'feature_set_id' FROM bourse.job;
DELETE FROM bourse.feature_dirty;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) VALUES ('AAA', '1d', '2024-01-04', 13, 16, 12, 15, 5);
SELECT bourse.refresh_features('mine', ARRAY['BBB'], '2024-01-20') > 0 AS asked;
UPDATE bourse.calendar SET close_at = close_at - interval '3 hours' WHERE session = '2024-01-31';
SELECT i.symbol, d.from_ts, d.to_ts FROM bourse.feature_dirty AS d JOIN bourse.instrument AS i USING (instrument_id) ORDER BY i.symbol, d.from_ts DESC;

-- does a set look ahead? tried on the bars
SELECT bourse.create_feature_set('fair', '{"a": "$close/Ref($close,3)", "b": "EMA($close,5)@1w", "c": "CSRank($close)", "d": "Log($close-$close-1)"}'::jsonb) > 0 AS made;
SELECT * FROM bourse.check_lookahead('fair');
SELECT feature, leaks, evidence ~ ' becomes .* when what is known only after ' AS shown FROM bourse.check_lookahead(ARRAY['Ref($close,-1)/$close', 'Mean($close,3)', 'Mask(Ref($close,-1),''BBB'')']);
-- a series whose values became known later than their rows: a week's close written to its Monday
INSERT INTO bourse.bar_field (instrument_id, freq, field, ts, value, known_at)
SELECT instrument_id, '1d', f.field, ts, close, CASE f.field WHEN 'late' THEN ts + interval '5 days' ELSE ts + interval '1 day' END
FROM bourse.bar JOIN bourse.instrument USING (instrument_id) CROSS JOIN (VALUES ('late'), ('prompt')) AS f(field) WHERE symbol = 'BTCUSDT' AND freq = '1d';
SELECT feature, leaks FROM bourse.check_lookahead(ARRAY['$late', '$prompt']);
SELECT bourse.create_feature_set('prompt', ARRAY['Mean($prompt,2)', '$close/$prompt']) > 0 AS made;
SELECT * FROM bourse.check_lookahead(ARRAY['$close'], freq => '15m');
SELECT * FROM bourse.check_lookahead('unfair');
SELECT * FROM bourse.check_lookahead(ARRAY['Maen($close,5)']);
-- functions as operators: by an admin, as they are now
CREATE FUNCTION public.sums(x float8[], scale float8) RETURNS float8[] LANGUAGE sql IMMUTABLE BEGIN ATOMIC
    SELECT array_agg(s ORDER BY n) FROM (SELECT sum(v) OVER (ORDER BY n) * scale AS s, n FROM unnest(x) WITH ORDINALITY AS u(v, n)) AS t;
END;
CREATE FUNCTION public.full_zscore(x float8[]) RETURNS float8[] LANGUAGE sql IMMUTABLE BEGIN ATOMIC
    SELECT array_agg((v - m) / nullif(s, 0) ORDER BY n) FROM (SELECT v, n, avg(v) OVER () AS m, stddev(v) OVER () AS s FROM unnest(x) WITH ORDINALITY AS u(v, n)) AS t;
END;
CREATE FUNCTION public.too_short(x float8[]) RETURNS float8[] LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT x[2:]; END;
CREATE FUNCTION public.no_series(x float8) RETURNS float8 LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT x; END;
SELECT bourse.register_operator('Sums', 'public.sums(float8[], float8)'), bourse.register_operator('FullZ', 'public.full_zscore(float8[])', 'of the whole sample'),
    bourse.register_operator('Short', 'public.too_short(float8[])');
SELECT * FROM bourse.evaluate('Sums($volume,2)', 'AAA', '2024-01-03', '2024-01-06');
SELECT * FROM bourse.evaluate('Mean(Sums($volume,1),2)', 'AAA', '2024-01-03', '2024-01-06');
SELECT feature, leaks FROM bourse.check_lookahead(ARRAY['Sums($volume,2)', 'FullZ($close)', 'Sums(FullZ($close)@1w,1)']);
SELECT bourse.create_feature_set('summed', ARRAY['Sums($volume,2)']) > 0 AS made;
SELECT bourse.fvec_length(bourse.features('summed', 'AAA'));
DO $$ BEGIN PERFORM bourse.create_feature_set('leaky', ARRAY['$close', 'FullZ($close)']);
EXCEPTION WHEN OTHERS THEN RAISE NOTICE '% %', sqlstate, regexp_replace(sqlerrm, ':.*becomes.*', ': …'); END $$;
SELECT * FROM bourse.evaluate('Short($close)', 'AAA');
SELECT * FROM bourse.evaluate('Sums($close)', 'AAA');
SELECT * FROM bourse.evaluate('Sumz($close,1)', 'AAA');
SELECT bourse.register_operator('Mean', 'public.full_zscore(float8[])');
SELECT bourse.register_operator('a b', 'public.full_zscore(float8[])');
SELECT bourse.register_operator('NoSeries', 'public.no_series(float8)');
SET ROLE bourse_researcher;
SELECT bourse.register_operator('Mine', 'public.full_zscore(float8[])');
SELECT count(*) FROM bourse.evaluate('Sums($volume,2)', 'AAA');
RESET ROLE;
ALTER FUNCTION public.sums(float8[], float8) COST 5;
SELECT * FROM bourse.evaluate('Sums($volume,2)', 'AAA');
SELECT bourse.unregister_operator('Sums'), bourse.unregister_operator('Sums');
DROP FUNCTION public.too_short(float8[]);
SELECT * FROM bourse.evaluate('Short($close)', 'AAA');

-- the plan, node by node
SELECT bourse.create_feature_set('shares', ARRAY['Mean($close,20)/$close', 'Mean($close,20)-CSRank(Ref($close,2))', '$close@1w']) > 0 AS made;
SELECT node, expression, place, inputs, features, lookback_bars, ns_per_row >= 0 AS measured FROM bourse.explain_features('shares');
SELECT count(*), sum(features) > count(*) AS shared FROM bourse.explain_features('alpha158');

-- a set that reads other frequencies and a universe follows them
SELECT bourse.create_feature_set('far', ARRAY['$close@1w', 'CSRank($close,''few'')'], materialize => true) > 0 AS made;
SELECT other_freqs, lookback_bars FROM bourse.feature_set WHERE name = 'far';
DELETE FROM bourse.feature_dirty;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) VALUES ('CCC', '1w', '2024-01-01', 5, 6, 4, 5, 1);
UPDATE bourse.universe SET span = '[2024-01-03,2024-01-06)' WHERE name = 'few';
SELECT s.name, i.symbol, d.from_ts, d.to_ts FROM bourse.feature_dirty AS d JOIN bourse.feature_set AS s USING (feature_set_id) JOIN bourse.instrument AS i USING (instrument_id) ORDER BY 1, 2, 3;

-- who may: readers compute, researchers make sets
SET ROLE bourse_reader;
SELECT count(*) FROM bourse.evaluate('$mood', 'AAA');
SELECT bourse.fvec_length(bourse.features('mine', 'AAA'));
SELECT count(*) FROM bourse_bi.feature_mine;
SELECT bourse.create_feature_set('theirs', ARRAY['$close']);
SELECT bourse.refresh_features('mine');
RESET ROLE;
SET ROLE bourse_researcher;
SELECT bourse.create_feature_set('theirs', ARRAY['$close', '$mood'], materialize => true) > 0 AS made;
SELECT bourse.refresh_features('theirs') > 0 AS asked;
SELECT bourse.materialize_feature_set(1);
INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts) VALUES (1, 1, '-infinity', 'infinity');
RESET ROLE;
SELECT name, created_by FROM bourse.feature_set WHERE name = 'theirs';

-- a long computation ends when it is told to
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT 'ETHUSDT', '1m', timestamptz '2024-01-01' + n * interval '1 minute', 100, 101, 99, 100 + n % 7 / 10.0, 1 FROM generate_series(1, 60000) AS n;
SET statement_timeout = '300ms';
SELECT count(*) FROM bourse.evaluate('Mad($close,100000)', 'ETHUSDT', freq => '1m');
RESET statement_timeout;
SELECT count(*) FROM bourse.evaluate('Mean($close,100000)', 'ETHUSDT', freq => '1min');
-- the union of days is the same whether it is read from the bars or by probing
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT 'U' || n, '1d', timestamptz '2024-02-01' + n % 7 * interval '48 hours', 5, 6, 4, 5, 1 FROM generate_series(1, 30) AS n;
SELECT array_agg(t.ts_us) = (SELECT array_agg(DISTINCT bourse.to_unix_us(b.ts)) FROM bourse.bar AS b JOIN bourse.instrument AS i USING (instrument_id)
                             WHERE b.freq = '1d' AND i.calendar IS NULL) AS same, count(*) FROM bourse.panel_times('1d', '') AS t;
SELECT count(*) FROM bourse.panel_times('1d', 'XTST') AS t;
