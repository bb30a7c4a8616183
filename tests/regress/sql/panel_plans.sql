-- What panels and datasets are planned from is found by key, whatever statistics say: old ones told of a single instrument that has all bars, and the server
-- would walk those by time for every instrument that has none. Counted is what is read, not how long it takes.
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.blocks(statement text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE statement;  -- the catalogues are read by now
    EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ' || statement INTO plan;
    RETURN (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::bigint + (plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::bigint;
END
$$;
ALTER TABLE bourse.bar_1d SET (autovacuum_enabled = off);
INSERT INTO bourse.instrument (symbol, calendar) SELECT 'S' || i, '24x7' FROM generate_series(1, 400) AS i;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT 'S1', '1d', timestamptz '2010-01-01 00:00+00' + d * interval '24 hours', 10, 12, 9, 11, 5 FROM generate_series(0, 99) AS d;
ANALYZE bourse.bar_1d;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT 'S' || i, '1d', timestamptz '2010-01-01 00:00+00' + d * interval '24 hours', 10, 12, 9, 11, 5 FROM generate_series(2, 12) AS i, generate_series(0, 499) AS d WHERE d % 12 <> i OR i > 6;
INSERT INTO bourse.universe (name, instrument_id, span) SELECT 'few', instrument_id, '[2010-03-01 00:00+00,2010-09-01 00:00+00)' FROM bourse.instrument WHERE symbol IN ('S2', 'S3', 'S300');
INSERT INTO bourse.universe (name, instrument_id) SELECT 'none', instrument_id FROM bourse.instrument WHERE substr(symbol, 2)::int > 100;

SELECT count(*), min(symbol), bool_and(first_us <= last_us) AS ordered FROM bourse.panel_instruments('1d', 'all', NULL);
SELECT p.symbol, p.first_us = bourse.to_unix_us(b.first) AS first, p.last_us = bourse.to_unix_us(b.last) AS last
FROM bourse.panel_instruments('1d', 'few', NULL) AS p, LATERAL (SELECT min(ts) AS first, max(ts) AS last FROM bourse.bar AS b WHERE b.instrument_id = p.instrument_id AND b.freq = '1d') AS b ORDER BY 1;
SELECT count(*) FROM bourse.panel_instruments('1w', 'all', NULL);
SELECT symbol FROM bourse.panel_instruments('1d', 'all', ARRAY(SELECT instrument_id FROM bourse.instrument WHERE symbol IN ('S5', 'S7', 'S77'))) ORDER BY 1;

-- two looks by key an instrument, of some blocks each
SELECT pg_temp.blocks($$SELECT * FROM bourse.panel_instruments('1d', 'all', NULL)$$) < 400 * 2 * 6 + 100 AS by_key;
SELECT pg_temp.blocks($$SELECT * FROM bourse.panel_times('1d', '24x7')$$) < 400 * 2 * 6 + 500 * 12 * 2 AS by_key;

-- times of a span: those of a plain scan
CREATE FUNCTION pg_temp.plainly(wanted text, span tstzrange, known timestamptz) RETURNS timestamptz[] LANGUAGE sql AS $$
SELECT coalesce(array_agg(DISTINCT b.ts), '{}') FROM bourse.bar AS b WHERE b.freq = '1d' AND span @> b.ts
    AND (wanted = 'all' OR EXISTS (SELECT FROM bourse.universe AS u WHERE u.name = wanted AND u.instrument_id = b.instrument_id AND u.span @> b.ts)) AND (known IS NULL OR b.known_at <= known
         OR EXISTS (SELECT FROM bourse.bar_history AS h WHERE h.instrument_id = b.instrument_id AND h.freq = b.freq AND h.ts = b.ts AND h.known_from <= known))
$$;
SELECT clock_timestamp() AS before \gset
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)  -- corrected: known before, with another value; new: not known before
SELECT 'S2', '1d', timestamptz '2010-01-01 00:00+00' + d * interval '24 hours', 20, 22, 19, 21, 5 FROM generate_series(0, 130) AS d;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) SELECT 'S300', '1d', '2010-03-15 00:00+00', 20, 22, 19, 21, 5;
SELECT u.name, s.span, k.known IS NULL AS all_known, cardinality(bourse.dataset_timestamps('1d', u.name, s.span, k.known)) AS times,
    bourse.dataset_timestamps('1d', u.name, s.span, k.known) = pg_temp.plainly(u.name, s.span, k.known) AS same
FROM (VALUES ('all'), ('few'), ('none')) AS u(name), (VALUES (tstzrange '(,)'), ('[2010-02-27 00:00+00,2010-06-01 00:00+00)'), ('[2030-01-01 00:00+00,)')) AS s(span),
    (VALUES (NULL), (timestamptz :'before'), ('2000-01-01')) AS k(known) ORDER BY 1, 2, 3 DESC, 4;

-- a step a time, and a look by key a time and member
SELECT pg_temp.blocks($$SELECT bourse.dataset_timestamps('1d', 'all', '(,)', NULL)$$) < 500 * 6 + 200 AS steps,
    pg_temp.blocks($$SELECT bourse.dataset_timestamps('1d', 'few', '(,)', NULL)$$) < 500 * 6 + 500 * 3 * 8 + 200 AS few,
    pg_temp.blocks($$SELECT bourse.dataset_timestamps('1d', 'few', '[2010-03-01 00:00+00,2010-04-01 00:00+00)', now())$$) < 31 * (6 + 3 * 12) + 200 AS a_month;
