-- Bars read from their pages are those that a SELECT gives: in random markets of this run's own, with gaps, late listings, corrections, missing volumes, rows
-- taken back and rows of a transaction still open. In a serializable transaction the same functions read by SELECT.
SET client_min_messages = warning;
SELECT floor(random() * 1e6)::int AS seed \gset
SELECT setseed(:seed / 1e6) IS NULL AS seeded;
ALTER TABLE bourse.bar_1d SET (autovacuum_enabled = off);
CREATE FUNCTION pg_temp.market(corrected boolean) RETURNS void LANGUAGE sql AS $$
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume, amount, adj_factor)
SELECT 'S' || i, '1d', timestamptz '2015-01-01 00:00+00' + d * interval '24 hours', p, p * 1.1, p * 0.9, p * (0.95 + random() * 0.1), CASE WHEN random() < 0.9 THEN 1 + floor(random() * 1e6) END,
    CASE WHEN random() < 0.5 THEN random() * 1e9 END, 1 + i % 3
FROM (SELECT d, i, 1 + random() * 100 AS p FROM generate_series(0, 99) AS d, generate_series(1, 40) AS i WHERE random() < 0.9 AND d >= i % 7 * 10) AS x
WHERE NOT corrected OR random() < 0.1
$$;
SELECT pg_temp.market(false);
CREATE FUNCTION pg_temp.seen() RETURNS text LANGUAGE sql AS $$
SELECT md5((SELECT string_agg(b.instrument_id || ' ' || encode(substr(b.bars, 64 * k + 1, 64), 'hex'), ',' ORDER BY b.instrument_id, substr(b.bars, 64 * k + 1, 64))
            FROM (SELECT array_agg(instrument_id ORDER BY instrument_id) AS ids, array_agg(CASE instrument_id % 3 WHEN 0 THEN -50000000000000000 ELSE 1422000000000000 END ORDER BY instrument_id) AS froms,
                         array_agg(CASE instrument_id % 4 WHEN 0 THEN 80000000000000000 ELSE 1426000000000000 END ORDER BY instrument_id) AS tos FROM bourse.instrument) AS a,
                bourse.panel_bars('1d', a.ids, a.froms, a.tos) AS b, generate_series(0, length(b.bars) / 64 - 1) AS k)
    || (SELECT string_agg(m.symbol || encode(m.ts_us, 'hex') || encode(m.features, 'hex'), ',') FROM bourse.evaluate_matrix(ARRAY['$close', '$vwap', 'Mean($volume,3)', 'EMA($close,4)', '$factor']) AS m)
    || (SELECT string_agg(i::text, ',') FROM bourse.panel_instruments('1d', 'all', NULL) AS i)
    || (SELECT string_agg(t::text, ',') FROM bourse.panel_times('1d', '') AS t))
$$;
CREATE FUNCTION pg_temp.apart() RETURNS bigint LANGUAGE sql AS $$  -- raw values beside the table's
WITH o AS (SELECT symbol, ts, features::real[] AS f FROM bourse.evaluate_panel(ARRAY['$open', '$high', '$low', '$close', '$volume', '$amount', '$factor'],
               options => '{"adjusted": false, "suspended": "keep", "grid": "bars"}'))
SELECT count(*) FROM o FULL JOIN (SELECT i.symbol, b.* FROM bourse.bar AS b JOIN bourse.instrument AS i USING (instrument_id) WHERE b.freq = '1d') AS b USING (symbol, ts)
WHERE o.f IS DISTINCT FROM ARRAY[b.open, b.high, b.low, b.close, coalesce(b.volume, 'NaN'), coalesce(b.amount, 'NaN'), b.adj_factor]::real[]
$$;
CREATE FUNCTION pg_temp.edges_apart() RETURNS bigint LANGUAGE sql AS $$
SELECT count(*) FROM bourse.stored_edges('1d', ARRAY(SELECT instrument_id FROM bourse.instrument) || 999999) AS e
FULL JOIN (SELECT instrument_id, bourse.to_unix_us(min(ts)) AS first_us, bourse.to_unix_us(max(ts)) AS last_us FROM bourse.bar WHERE freq = '1d' GROUP BY 1) AS b USING (instrument_id, first_us, last_us)
WHERE e.last_us IS NULL OR b.last_us IS NULL
$$;
CREATE FUNCTION pg_temp.times_same() RETURNS boolean LANGUAGE sql AS
$$SELECT bourse.stored_times('1d') = (SELECT array_agg(DISTINCT bourse.to_unix_us(ts) ORDER BY bourse.to_unix_us(ts)) FROM bourse.bar WHERE freq = '1d')
    AND NOT EXISTS (  -- of random spans, some empty, as it was known at random times
        SELECT FROM (SELECT d + 7 * g % 5 AS from_day, d + 7 * g % 5 + g % 120 AS to_day, (SELECT min(known_at) + (g % 11 - 1) * (max(known_at) - min(known_at)) / 9 FROM bourse.bar) AS known
                     FROM (SELECT g, floor(random() * 110)::int AS d FROM generate_series(1, 200) AS g) AS r) AS s,
            LATERAL (SELECT timestamptz '2015-01-01 00:00+00' + from_day * interval '24 hours' AS lower, timestamptz '2015-01-01 00:00+00' + to_day * interval '24 hours' AS upper) AS t
        WHERE bourse.stored_times('1d', NULL, s.known, t.lower, t.upper) IS DISTINCT FROM ARRAY(
            SELECT DISTINCT bourse.to_unix_us(b.ts) FROM bourse.bar AS b WHERE b.freq = '1d' AND b.ts >= t.lower AND b.ts < t.upper AND b.known_at <= s.known ORDER BY 1))$$;

-- as loaded; with corrections, on pages that are not visible to all; visible to all again
SELECT pg_temp.seen() AS seen, pg_temp.apart() AS apart, pg_temp.edges_apart() AS edges, pg_temp.times_same() AS times \gset loaded_
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT pg_temp.seen() = :'loaded_seen' AS same, :loaded_apart AS apart, :loaded_edges AS edges_apart, :'loaded_times' AS times;
COMMIT;
SELECT pg_temp.market(true);
SELECT pg_temp.seen() AS seen \gset corrected_
SELECT pg_temp.apart() AS apart, pg_temp.edges_apart() AS edges_apart, pg_temp.times_same() AS times, :'corrected_seen' <> :'loaded_seen' AS moved;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT pg_temp.seen() = :'corrected_seen' AS same;
COMMIT;
VACUUM bourse.bar_1d;
SELECT pg_temp.seen() = :'corrected_seen' AS same, pg_temp.apart() AS apart, pg_temp.edges_apart() AS edges_apart;

-- what a transaction has done so far, and what it took back
BEGIN;
DELETE FROM bourse.bar WHERE freq = '1d' AND instrument_id % 5 = 0;
UPDATE bourse.bar SET close = close * 1.01 WHERE freq = '1d' AND instrument_id % 5 = 1;
SELECT pg_temp.seen() <> :'corrected_seen' AS moved, pg_temp.apart() AS apart, pg_temp.edges_apart() AS edges_apart, pg_temp.times_same() AS times;
ROLLBACK;
SELECT pg_temp.seen() = :'corrected_seen' AS same, pg_temp.apart() AS apart;
-- in the order of time on the pages, as a table that grows day by day
CLUSTER bourse.bar_1d USING bar_1d_ts_idx;
SELECT pg_temp.seen() = :'corrected_seen' AS same, pg_temp.apart() AS apart, pg_temp.edges_apart() AS edges_apart, pg_temp.times_same() AS times;
-- times whose entries fill more leaves of the index than it walks through; one of which nothing is left
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT 'W' || i, '1d', timestamptz '2020-01-01 00:00+00' + d * interval '24 hours', i, i, i, i, 1 FROM generate_series(0, 2) AS d, generate_series(1, 4000) AS i;
SELECT pg_temp.apart() AS apart, pg_temp.edges_apart() AS edges_apart, pg_temp.times_same() AS times;
DELETE FROM bourse.bar WHERE freq = '1d' AND ts = '2020-01-02 00:00+00';
SELECT pg_temp.apart() AS apart, pg_temp.edges_apart() AS edges_apart, pg_temp.times_same() AS times;
DELETE FROM bourse.bar WHERE freq = '1d' AND ts >= '2020-01-01 00:00+00';

-- rows of a matrix are made while they are fetched, and need not be fetched to the end; the same where they are kept
SELECT count(*) FROM (SELECT * FROM bourse.evaluate_matrix(ARRAY['$close']) LIMIT 3) AS m;
SELECT count(*) FROM (SELECT * FROM bourse.evaluate_matrix(ARRAY(SELECT '$close' FROM generate_series(1, 2)))) AS m;
EXPLAIN (COSTS OFF) SELECT symbol, features FROM bourse.evaluate_matrix(ARRAY['$close']);

-- a frequency in several tables, and one without bars: by SELECT
SELECT bourse.stored_times('1m') IS NULL AS several, bourse.stored_times('1w') AS none;
SELECT count(*) FROM bourse.stored_edges('1m', ARRAY[1, 2]), bourse.panel_bars('1w', ARRAY[1], ARRAY[0], ARRAY[80000000000000000]);
SELECT * FROM bourse.stored_edges('1d', ARRAY[1, NULL]);
-- who may not read bars does not read them this way
CREATE ROLE bars_unseen;
GRANT USAGE ON SCHEMA bourse TO bars_unseen;
GRANT SELECT ON bourse.instrument TO bars_unseen;
SET ROLE bars_unseen;
SELECT bourse.stored_times('1d');
SELECT * FROM bourse.stored_edges('1d', ARRAY[1]);
SELECT count(*) FROM bourse.panel_bars('1d', ARRAY[1], ARRAY[0], ARRAY[80000000000000000]);
RESET ROLE;
DROP OWNED BY bars_unseen;
DROP ROLE bars_unseen;
