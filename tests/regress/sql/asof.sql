-- As-of joins: every way a statement can read one, random bitemporal data against slow references, and what is refused.
SET timezone = 'UTC';
SELECT bourse.create_feature_set('stored', '{"a": "$close", "b": "$open"}'::jsonb, materialize => true) > 0 AS made;
SELECT bourse.create_feature_set('computed', '{"a": "$close"}'::jsonb) > 0 AS made;
INSERT INTO bourse.instrument (symbol, calendar) SELECT 'S' || i, '24x7' FROM generate_series(1, 9) AS i;
CREATE VIEW stored_set AS SELECT feature_set_id FROM bourse.feature_set WHERE name = 'stored';
CREATE TABLE spine (n int, dropped text, ticker text, decided timestamptz, t int, note text);
ALTER TABLE spine DROP COLUMN dropped;

-- 150 draws of stored rows: bars that are available late and in another order than theirs, several at once, rows that
-- were written again, times before, between and after them and at their very microsecond; a tolerance in two of three
CREATE FUNCTION draw(seed int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setseed(seed / 1000.0);
    DELETE FROM bourse.feature_value WHERE feature_set_id = (SELECT feature_set_id FROM stored_set);
    TRUNCATE spine;
    INSERT INTO bourse.feature_value SELECT f.feature_set_id, i.instrument_id, ts, ts + (random() * 6)::int * interval '12 hours', ARRAY[n, random()]::real[]::bourse.fvec
    FROM stored_set AS f, bourse.instrument AS i, generate_series(1, 1 + (random() * 30)::int) AS n, LATERAL (SELECT timestamptz '2020-01-01' + n * interval '1 day' AS ts) AS t
    WHERE random() < 0.7;
    UPDATE bourse.feature_value SET features = ARRAY[-1, 0]::real[]::bourse.fvec, available_at = available_at + interval '3 days'
    WHERE feature_set_id = (SELECT feature_set_id FROM stored_set) AND random() < 0.1;
    INSERT INTO spine SELECT n, CASE WHEN n % 20 > 0 THEN 'S' || 1 + (random() * 9)::int END,
        CASE WHEN n % 17 > 0 THEN timestamptz '2019-12-25' + (random() * 90)::int * interval '12 hours' + (random() * 2)::int * interval '1 microsecond' END, n + 1, repeat('x', n)
    FROM generate_series(1, (random() * 60)::int) AS n;
END
$$;
CREATE FUNCTION slow(tolerance interval) RETURNS TABLE(n int, ts timestamptz, available_at timestamptz, features bourse.fvec) STABLE LANGUAGE sql AS $$
    SELECT s.n, f.ts, f.available_at, f.features FROM spine AS s LEFT JOIN LATERAL (
        SELECT v.* FROM bourse.feature_value AS v JOIN bourse.instrument AS i USING (instrument_id)
        WHERE v.feature_set_id = (SELECT feature_set_id FROM stored_set) AND i.symbol = s.ticker AND v.available_at <= s.decided
        ORDER BY v.available_at DESC, v.ts DESC LIMIT 1) AS f ON tolerance IS NULL OR s.decided - f.available_at <= tolerance
$$;
CREATE TABLE answer (way text, n int, ts timestamptz, available_at timestamptz, features bourse.fvec);
CREATE FUNCTION differ(tolerance interval) RETURNS TABLE(way text, n int) LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE answer;
    INSERT INTO answer SELECT 'in memory', (j.spine).n, j.feature_ts, j.available_at, j.features
        FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided', tolerance => differ.tolerance) AS j;
    INSERT INTO answer SELECT 'as a function', ((j).spine).n, (j).feature_ts, (j).available_at, (j).features
        FROM (SELECT bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided', tolerance => differ.tolerance) AS j) AS called;
    PERFORM set_config('bourse.asof_memory_mb', '0', true);
    INSERT INTO answer SELECT 'merged', (j.spine).n, j.feature_ts, j.available_at, j.features
        FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided', tolerance => differ.tolerance) AS j;
    INSERT INTO answer SELECT 'merged, as a function', ((j).spine).n, (j).feature_ts, (j).available_at, (j).features
        FROM (SELECT bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided', tolerance => differ.tolerance) AS j) AS called;
    PERFORM set_config('bourse.asof_memory_mb', '256', true);
    RETURN QUERY SELECT w.way, coalesce(s.n, a.n) FROM (SELECT DISTINCT r.way FROM answer AS r) AS w CROSS JOIN slow(tolerance) AS s
    FULL JOIN answer AS a ON a.way = w.way AND a.n = s.n
    WHERE (s.n, s.ts, s.available_at, s.features::real[]) IS DISTINCT FROM (a.n, a.ts, a.available_at, a.features::real[]);
END
$$;
CREATE TABLE tried (seed int, tolerance interval, rows bigint, found bigint, ways bigint, differing bigint);
DO $$
DECLARE
    tolerance interval;
    differing bigint;
BEGIN
    FOR seed IN 1..150 LOOP
        PERFORM draw(seed);
        tolerance := CASE seed % 3 WHEN 1 THEN interval '0' WHEN 2 THEN seed * interval '1 hour' END;
        SELECT count(*) INTO differing FROM differ(tolerance);
        INSERT INTO tried SELECT seed, tolerance, (SELECT count(*) FROM spine), (SELECT count(*) FROM answer WHERE features IS NOT NULL), (SELECT count(DISTINCT way) FROM answer), differing;
    END LOOP;
END
$$;
SELECT count(*) AS draws, sum(differing) AS differ, sum(rows) > 3000 AS asked, sum(found) > 6000 AS found, count(*) FILTER (WHERE ways = 4) > 140 AS all_ways FROM tried;

-- 120 draws of what was known when: the reference reads bars and what they replaced, not features; a bar counts from its
-- close on, with the value that was known at known_at
CREATE FUNCTION draw_known(seed int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setseed(seed / 1000.0);
    DELETE FROM bourse.bar;
    DELETE FROM bourse.bar_history;
    TRUNCATE spine;
    CREATE TEMP TABLE version ON COMMIT DROP AS
        SELECT i.instrument_id, d.ts, (100 * random())::int + 1 AS close, d.ts + interval '1 day' + v.k * ((1 + random() * 100)::int * interval '1 hour') AS known_from, v.k
        FROM bourse.instrument AS i, LATERAL (SELECT timestamptz '2020-01-01' + g * interval '1 day' AS ts FROM generate_series(1, 12) AS g) AS d, generate_series(0, (random() * 1.4)::int) AS v(k);
    INSERT INTO bourse.bar_history (instrument_id, freq, ts, open, high, low, close, volume, adj_factor, known_from, known_until, data_version_id)
        SELECT v.instrument_id, '1d', v.ts, v.close, v.close, v.close, v.close, 1, 1, v.known_from, n.known_from, 0 FROM version AS v JOIN version AS n ON n.instrument_id = v.instrument_id AND n.ts = v.ts AND n.k = v.k + 1 AND n.known_from > v.known_from;
    INSERT INTO bourse.bar (instrument_id, freq, ts, open, high, low, close, volume, known_at, data_version_id)
        SELECT DISTINCT ON (instrument_id, ts) instrument_id, '1d', ts, close, close, close, close, 1, known_from, 0 FROM version ORDER BY instrument_id, ts, k DESC;
    DROP TABLE version;
    INSERT INTO spine SELECT n, 'S' || 1 + (random() * 9)::int, timestamptz '2020-01-01' + (random() * 40)::int * interval '12 hours', n, '' FROM generate_series(1, 30) AS n;
END
$$;
CREATE FUNCTION slow_known(known_at timestamptz) RETURNS TABLE(n int, ts timestamptz, available_at timestamptz, a real) STABLE LANGUAGE sql AS $$
    SELECT s.n, f.ts, f.ts + interval '1 day', f.close::real FROM spine AS s LEFT JOIN LATERAL (
        SELECT v.ts, v.close FROM (SELECT b.instrument_id, b.ts, b.close FROM bourse.bar AS b WHERE b.known_at <= slow_known.known_at
                    UNION ALL SELECT h.instrument_id, h.ts, h.close FROM bourse.bar_history AS h WHERE h.known_from <= slow_known.known_at AND slow_known.known_at < h.known_until) AS v
            JOIN bourse.instrument AS i USING (instrument_id)
        WHERE i.symbol = s.ticker AND v.ts + interval '1 day' <= least(s.decided, slow_known.known_at) ORDER BY v.ts DESC LIMIT 1) AS f ON true
$$;
CREATE TABLE tried_known (seed int, found bigint, differing bigint);
DO $$
DECLARE
    known timestamptz;
BEGIN
    FOR seed IN 1..120 LOOP
        PERFORM draw_known(seed);
        known := timestamptz '2020-01-03' + seed * interval '3 hours';
        PERFORM set_config('bourse.asof_memory_mb', CASE seed % 2 WHEN 1 THEN '256' ELSE '0' END, true);
        INSERT INTO tried_known SELECT seed, count(s.a), count(*) FILTER (WHERE (s.n, s.ts, s.available_at, s.a) IS DISTINCT FROM ((j.spine).n, j.feature_ts, j.available_at, j.features[1]))
        FROM slow_known(known) AS s FULL JOIN bourse.asof_join(NULL::spine, 'computed', 'ticker', 'decided', known_at => known) AS j ON (j.spine).n = s.n;
    END LOOP;
END
$$;
SELECT count(*) AS draws, sum(differing) AS differ, sum(found) > 1500 AS found FROM tried_known;

-- the one-bar leak, planted: features at ts are the return that the bar at ts makes; joined on ts they tell a decision within
-- the bar what it is about to learn, joined as of available_at they tell nothing
TRUNCATE spine;
DELETE FROM bourse.feature_value WHERE feature_set_id = (SELECT feature_set_id FROM stored_set);
CREATE TABLE move AS SELECT i.instrument_id, i.symbol, timestamptz '2021-01-01' + d * interval '1 day' AS ts, CASE WHEN hashint4(i.instrument_id * 1000 + d) % 2 = 0 THEN 1 ELSE -1 END AS up
    FROM bourse.instrument AS i, generate_series(1, 200) AS d;
INSERT INTO bourse.feature_value SELECT f.feature_set_id, m.instrument_id, m.ts, m.ts + interval '1 day', ARRAY[m.up, 0]::real[]::bourse.fvec FROM move AS m, stored_set AS f;
INSERT INTO spine SELECT row_number() OVER (), m.symbol, m.ts + interval '12 hours' FROM move AS m;
SELECT avg((l.features[1] = m.up)::int) = 1 AS leaking_knows_all, abs(avg((j.features[1] = m.up)::int) - 0.5) < 0.05 AS honest_knows_nothing, bool_and(j.available_at <= (j.spine).decided) AS closed
FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j JOIN move AS m ON m.symbol = (j.spine).ticker AND m.ts = (j.spine).decided - interval '12 hours'
CROSS JOIN LATERAL (SELECT v.features FROM bourse.feature_value AS v WHERE v.feature_set_id = (SELECT feature_set_id FROM stored_set) AND v.instrument_id = m.instrument_id AND v.ts <= (j.spine).decided ORDER BY v.ts DESC LIMIT 1) AS l;

-- how a statement may read it
SELECT draw(7);
ANALYZE spine;
EXPLAIN (COSTS OFF) SELECT j.features FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j WHERE (j.spine).n > 3;
EXPLAIN (COSTS OFF) SELECT j FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j;
EXPLAIN (COSTS OFF) SELECT * FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') WITH ORDINALITY;
CREATE TABLE whole AS SELECT n, ts, features FROM slow(NULL);
-- the row as it is, in spite of a column of the query's own alias
SELECT count(*) AS differ FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j FULL JOIN spine AS s ON s.n = (j.spine).n WHERE j.spine IS DISTINCT FROM s;
SELECT count(*) - (SELECT count(*) FROM spine) AS differ, count(j.features) = (SELECT count(features) FROM whole) AS found FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j;
SELECT count(*) AS differ FROM (SELECT j FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j) AS r FULL JOIN whole AS w ON w.n = ((r.j).spine).n WHERE (w.ts, w.features::real[]) IS DISTINCT FROM ((r.j).feature_ts, (r.j).features::real[]);
SELECT way, count(*) = (SELECT count(*) FROM spine) AS rows, count(features) = (SELECT count(features) FROM slow(CASE way WHEN 2 THEN interval '6 hours' END)) AS found FROM (
    SELECT 1 AS way, j.features FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j
    UNION ALL SELECT 2, j.features FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided', tolerance => '6 hours') AS j) AS both_of_them GROUP BY way ORDER BY way;
EXPLAIN (COSTS OFF) SELECT j.features FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j WHERE false;
-- an argument that changes: each hour of tolerance finds at least what the hour before found
SELECT bool_and(found >= before) AND bool_and(found = slow) AND max(found) > min(found) AS right FROM (SELECT h, found, lag(found, 1, 0::bigint) OVER (ORDER BY h) AS before, slow FROM
    (SELECT h, (SELECT count(j.features) FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided', tolerance => h * interval '6 hours') AS j) AS found,
        (SELECT count(s.features) FROM slow(h * interval '6 hours') AS s) AS slow FROM generate_series(0, 12) AS h) AS each) AS steps;
SELECT bool_and(found = slow) AS right FROM generate_series(0, 12) AS h, LATERAL (SELECT count(j.features) AS found FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided', tolerance => h * interval '6 hours') AS j) AS f,
    LATERAL (SELECT count(s.features) AS slow FROM slow(h * interval '6 hours') AS s) AS g;
-- read twice, backwards, in a prepared statement, through a view, into a table, and to change another
SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off;
SELECT count(*) = (SELECT 3 * count(*) FROM spine) AS right FROM generate_series(1, 3) AS g LEFT JOIN bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j ON (j.spine).n > g - g;
SET bourse.asof_memory_mb = 0;
SELECT count(*) = (SELECT 3 * count(*) FROM spine) AS right FROM generate_series(1, 3) AS g LEFT JOIN bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j ON (j.spine).n > g - g;
RESET bourse.asof_memory_mb; RESET enable_hashjoin; RESET enable_mergejoin; RESET enable_material;
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT (j.spine).n FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j;
FETCH FROM c \gset first_
FETCH FROM c \gset second_
FETCH BACKWARD FROM c \gset again_
SELECT :first_n = :again_n AS once_more, :first_n <> :second_n AS moved;
ROLLBACK;
PREPARE ask(interval) AS SELECT count(j.features) FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided', tolerance => $1) AS j;
SET plan_cache_mode = force_generic_plan;
EXPLAIN (COSTS OFF) EXECUTE ask('6 hours');
EXECUTE ask('6 hours') \gset
SELECT :count = count(features) AS right FROM slow('6 hours');
RESET plan_cache_mode;
CREATE VIEW seen AS SELECT (j.spine).n, j.feature_ts, j.features FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j;
SELECT count(*) AS differ FROM seen FULL JOIN whole USING (n) WHERE (feature_ts, seen.features::real[]) IS DISTINCT FROM (ts, whole.features::real[]);
ALTER TABLE spine ADD COLUMN feature real;
UPDATE spine SET feature = j.features[1] FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j WHERE (j.spine).n = spine.n;
SELECT count(*) AS differ FROM spine JOIN whole USING (n) WHERE feature IS DISTINCT FROM features[1];
-- spines of every kind: views, partitions, times without a zone and as text, long rows, none at all
CREATE VIEW late AS SELECT n, ticker AS symbol, decided + interval '1 hour' AS ts FROM spine;
SELECT count(*) AS differ FROM bourse.asof_join(NULL::late, 'stored') AS j LEFT JOIN LATERAL (SELECT v.features FROM bourse.feature_value AS v JOIN bourse.instrument AS i USING (instrument_id)
    WHERE v.feature_set_id = (SELECT feature_set_id FROM stored_set) AND i.symbol = (j.spine).symbol AND v.available_at <= (j.spine).ts ORDER BY v.available_at DESC, v.ts DESC LIMIT 1) AS f ON true
    WHERE f.features::real[] IS DISTINCT FROM j.features::real[];
CREATE TABLE parts (n int, symbol varchar(9), ts timestamp, "Odd ""name" text) PARTITION BY LIST (symbol);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN ('S1');
CREATE TABLE parts_2 PARTITION OF parts DEFAULT;
INSERT INTO parts SELECT n, ticker, decided, repeat(md5(n::text), 5000) FROM spine WHERE ticker IS NOT NULL;
SELECT count(*) AS differ, min(length((j.spine)."Odd ""name")) AS length FROM bourse.asof_join(NULL::parts, 'stored') AS j JOIN whole AS w ON w.n = (j.spine).n WHERE w.features::real[] IS NOT DISTINCT FROM j.features::real[];
SELECT count(*) = (SELECT count(*) FROM parts) AS right FROM bourse.asof_join(NULL::parts, 'stored') AS j JOIN parts AS p ON p = j.spine;
CREATE TABLE told (symbol text, ts text);
INSERT INTO told VALUES ('S1', 'infinity'), ('S1', '-infinity'), ('S1', '2020-01-01'), ('', '2020-01-01');
SELECT (j.spine).*, j.feature_ts IS NOT DISTINCT FROM CASE WHEN (j.spine).ts = 'infinity' THEN (SELECT v.ts FROM bourse.feature_value AS v JOIN bourse.instrument AS i USING (instrument_id) JOIN stored_set USING (feature_set_id)
    WHERE i.symbol = 'S1' ORDER BY v.available_at DESC, v.ts DESC LIMIT 1) END AS right FROM bourse.asof_join(NULL::told, 'stored') AS j ORDER BY 1, 2;
TRUNCATE told;
SELECT count(*) FROM bourse.asof_join(NULL::told, 'stored') AS j;
-- features kept beside their row
CREATE TABLE toasted AS SELECT 'S1' AS symbol, timestamptz '2020-03-01' AS ts;
SELECT bourse.create_feature_set('wide', (SELECT jsonb_object_agg('f' || n, '$close + ' || n) FROM generate_series(1, 3000) AS n), materialize => true) > 0 AS made;
INSERT INTO bourse.feature_value SELECT s.feature_set_id, i.instrument_id, '2020-02-01', '2020-02-02', array_agg(n)::real[]::bourse.fvec FROM bourse.feature_set AS s, bourse.instrument AS i, generate_series(1, 3000) AS n WHERE s.name = 'wide' AND i.symbol = 'S1' GROUP BY 1, 2;
SELECT j.features[3000], cardinality(j.features::real[]) FROM bourse.asof_join(NULL::toasted, 'wide') AS j;

-- more features than fit are read some instruments at a time; more than an instrument has, or a spine that does not fit, are merged
SELECT bourse.create_feature_set('broad', (SELECT jsonb_object_agg('f' || n, '$close + ' || n) FROM generate_series(1, 450) AS n), materialize => true) > 0 AS made;
INSERT INTO bourse.feature_value SELECT s.feature_set_id, i.instrument_id, t.ts, t.ts + interval '1 day', array_fill(n + i.instrument_id / 10.0, ARRAY[450])::real[]::bourse.fvec
FROM bourse.feature_set AS s, bourse.instrument AS i, generate_series(1, 700) AS n, LATERAL (SELECT timestamptz '2020-01-01' + n * interval '1 day' AS ts) AS t WHERE s.name = 'broad' AND i.symbol <> 'S4';
CREATE TABLE asked AS SELECT (row_number() OVER ())::int AS n, i.symbol, timestamptz '2020-01-02 12:00' + d * interval '1 day' AS ts FROM bourse.instrument AS i, generate_series(1, 700) AS d WHERE i.symbol <> 'S7' UNION ALL SELECT 0, 'nobody', '2021-01-01';
CREATE VIEW wrong AS SELECT (j.spine).n, j.features[450] AS got, CASE WHEN (j.spine).symbol NOT IN ('S4', 'nobody') THEN extract(day FROM (j.spine).ts - '2020-01-02') + i.instrument_id / 10.0 END::real AS wanted
    FROM bourse.asof_join(NULL::asked, 'broad') AS j LEFT JOIN bourse.instrument AS i ON i.symbol = (j.spine).symbol;
CREATE FUNCTION way() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    FOR line IN EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT j.spine, j.features FROM bourse.asof_join(NULL::asked, 'broad') AS j LOOP
        RETURN NEXT line;
    END LOOP;
END
$$;
SET bourse.asof_memory_mb = 64;
SELECT * FROM way();
SELECT count(*), count(got), count(*) FILTER (WHERE got IS DISTINCT FROM wanted) AS differ FROM wrong;
SET bourse.asof_memory_mb = 9;
SELECT * FROM way();
SELECT count(*), count(got), count(*) FILTER (WHERE got IS DISTINCT FROM wanted) AS differ FROM wrong;
SELECT count(*), count(f[450]), sum(f[450]::numeric) = (SELECT sum(wanted::numeric) FROM wrong WHERE got IS NOT NULL) AS right FROM (SELECT (bourse.asof_join(NULL::asked, 'broad')).features AS f) AS called;
SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off;
SELECT count(*), count(j.features), sum(j.features[450]::numeric) = 2 * (SELECT sum(wanted::numeric) FROM wrong WHERE got IS NOT NULL) AS right FROM generate_series(1, 2) AS g LEFT JOIN bourse.asof_join(NULL::asked, 'broad') AS j ON (j.spine).n >= g - g;
RESET enable_hashjoin; RESET enable_mergejoin; RESET enable_material;
SET bourse.asof_memory_mb = 1;
SELECT * FROM way();
SELECT count(*), count(got), count(*) FILTER (WHERE got IS DISTINCT FROM wanted) AS differ FROM wrong;
RESET bourse.asof_memory_mb;

-- who may
GRANT SELECT ON spine TO bourse_reader;
SET ROLE bourse_reader;
SELECT count(*) = (SELECT count(*) FROM spine) AS right FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j;
SELECT count(*) FROM bourse.asof_join(NULL::told, 'stored') AS j;
RESET ROLE;
REVOKE EXECUTE ON FUNCTION bourse.asof_join FROM PUBLIC, bourse_reader;
SET ROLE bourse_reader;
SELECT count(*) FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j;
RESET ROLE;

-- what is refused, wherever it is read
SELECT count(*) FROM bourse.asof_join(NULL::int, 'stored') AS j;
SELECT count(*) FROM bourse.asof_join(NULL::spine, 'stored') AS j;
SELECT count(*) FROM bourse.asof_join(NULL::spine, 'stored', 'tickr', 'decided') AS j;
SELECT count(*) FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'n') AS j;
SELECT count(*) FROM bourse.asof_join(NULL::spine, 'sotred', 'ticker', 'decided') AS j;
SELECT count(*) FROM bourse.asof_join(NULL::spine, NULL, 'ticker', 'decided') AS j;
SELECT count(*) FROM bourse.asof_join(NULL::spine, 'stored', NULL, 'decided') AS j;
SELECT count(*) FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', NULL) AS j;
SELECT count(*) FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided', tolerance => '-1 microsecond') AS j;
INSERT INTO told VALUES ('S1', 'tomorrow or so');
SELECT count(*) FROM bourse.asof_join(NULL::told, 'stored') AS j;
SET bourse.asof_memory_mb = -1;
-- the session goes on after an error
SELECT count(*) > 0 AS goes_on FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j;

-- stopped while rows come
CREATE VIEW endless AS SELECT 'S1'::text AS symbol, timestamptz '2020-02-01' AS ts FROM (SELECT generate_series(1, 1000000000)) AS g;
SET statement_timeout = 300;
SELECT count(*) FROM bourse.asof_join(NULL::endless, 'stored') AS j;
SELECT bourse.asof_join(NULL::endless, 'stored');
SET bourse.asof_memory_mb = 0;
SELECT count(*) FROM bourse.asof_join(NULL::endless, 'stored') AS j;
