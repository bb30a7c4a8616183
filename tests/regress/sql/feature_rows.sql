-- A set's rows as they are and as they were known, against plain SQL over bar and bar_history.
SET client_min_messages = error;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume, known_at)
SELECT s, '1d', d, 10, 12, 9, 10 + extract(day FROM d) / 100, 100, d + interval '30 hours'
FROM unnest(ARRAY['AAA', 'BBB', 'CCC']) AS s, generate_series(timestamptz '2020-01-06', '2020-01-17', '1 day') AS d;
UPDATE bourse.instrument SET calendar = '24x7';
INSERT INTO bourse.universe (name, instrument_id, span)
SELECT 'some', instrument_id, '[2020-01-08,2020-01-11)'::tstzrange FROM bourse.instrument WHERE symbol <> 'CCC';
SELECT bourse.create_feature_set('two', ARRAY['$close', 'Mean($close,3)']) > 0 AS made;
-- corrected today: what was known in January is in bar_history
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) VALUES ('AAA', '1d', '2020-01-08', 10, 12, 9, 11.5, 100);
SELECT count(*) FROM bourse.bar_history;

CREATE FUNCTION pg_temp.expected(known_at timestamptz) RETURNS TABLE(symbol text, ts timestamptz, available_at timestamptz, features bourse.fvec) LANGUAGE sql AS $$
    WITH known AS (
        SELECT instrument_id, ts, close FROM bourse.bar AS b WHERE b.known_at <= $1
        UNION ALL SELECT instrument_id, ts, close FROM bourse.bar_history WHERE known_from <= $1 AND $1 < known_until)
    SELECT i.symbol, k.ts, k.ts + interval '1 day', ARRAY[k.close, avg(k.close) OVER (PARTITION BY k.instrument_id ORDER BY k.ts ROWS 2 PRECEDING)]::real[]::bourse.fvec
    FROM known AS k JOIN bourse.instrument AS i USING (instrument_id)
$$;
CREATE FUNCTION pg_temp.compare(known_at timestamptz) RETURNS TABLE(row_count bigint, differences bigint, available boolean) LANGUAGE sql AS $$
    SELECT count(*), count(*) FILTER (WHERE h.features IS NULL OR e.features IS NULL OR abs(h.features[1] - e.features[1]) > 1e-6 OR abs(h.features[2] - e.features[2]) > 1e-6),
        bool_and(h.available_at = e.available_at AND h.available_at <= $1)
    FROM bourse.feature_rows('two', known_at => $1) AS h FULL JOIN pg_temp.expected($1) AS e USING (symbol, ts)
$$;
SELECT k, c.* FROM unnest(ARRAY['2020-01-07 06:00', '2020-01-10 12:00', '2020-02-01', 'tomorrow']::timestamptz[]) WITH ORDINALITY AS t(at, k), pg_temp.compare(t.at) AS c ORDER BY k;
-- a row whose bar nobody knew yet is there, without values
SELECT symbol, ts, features FROM bourse.feature_rows('two', known_at => '2020-01-07 05:00') ORDER BY 1, 2;
SELECT features FROM bourse.feature_rows('two', known_at => '2020-02-01') WHERE symbol = 'AAA' AND ts = '2020-01-08';
SELECT features FROM bourse.feature_rows('two') WHERE symbol = 'AAA' AND ts = '2020-01-08';
-- one row as it was known: the newest that was closed then, of those at or before a time
SELECT count(*) AS asked, count(*) FILTER (WHERE n.features IS NOT NULL) AS found, bool_and(n.features IS NOT DISTINCT FROM o.features) AS equal
FROM unnest(ARRAY['2020-01-06 12:00', '2020-01-07 06:00', '2020-01-10 12:00', '2020-02-01', 'tomorrow', NULL]::timestamptz[]) AS k(known_at),
    unnest(ARRAY['2020-01-05', '2020-01-07', '2020-01-09', '2020-01-17', NULL]::timestamptz[]) AS t(at), unnest(ARRAY['AAA', 'CCC']) AS s(symbol),
    LATERAL (SELECT bourse.features('two', s.symbol, t.at, k.known_at)::text AS features) AS n,
    LATERAL (SELECT (SELECT r.features::text FROM bourse.feature_rows('two', known_at => coalesce(k.known_at, 'tomorrow')) AS r
                     WHERE r.symbol = s.symbol AND r.ts <= coalesce(t.at, 'infinity') ORDER BY r.ts DESC LIMIT 1) AS features) AS o;

-- members at the row's time, and a span
SELECT symbol, min(ts), max(ts), count(*) FROM bourse.feature_rows('two', 'some') GROUP BY 1 ORDER BY 1;
SELECT symbol, count(*) FROM bourse.feature_rows('two', from_ts => '2020-01-09', to_ts => '2020-01-12') GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM bourse.feature_rows('two', 'none');
SELECT count(*) FROM bourse.feature_rows('nothing');

-- a stored set: its rows; as it was known: computed
SELECT bourse.materialize_feature_set(feature_set_id) FROM bourse.feature_set WHERE name = 'two';
SELECT count(*) FROM bourse.feature_rows('two');
INSERT INTO bourse.feature_value (feature_set_id, instrument_id, ts, available_at, features)
SELECT s.feature_set_id, i.instrument_id, r.ts, r.available_at, r.features FROM bourse.feature_set AS s, pg_temp.expected('tomorrow') AS r JOIN bourse.instrument AS i USING (symbol) WHERE s.name = 'two';
SELECT * FROM pg_temp.compare('2020-01-10 12:00');
SELECT count(*), count(*) FILTER (WHERE ts >= '2020-01-08' AND ts < '2020-01-11') AS of_some FROM bourse.feature_rows('two');
SELECT symbol, min(ts), max(ts), count(*) FROM bourse.feature_rows('two', 'some') GROUP BY 1 ORDER BY 1;
SET ROLE bourse_reader;
SELECT count(*) FROM bourse.feature_rows('two', known_at => '2020-01-10 12:00');
