-- bar_field keeps what it held: known_at of evaluate, features, datasets and as-of joins sees series as they were, whoever changed them by whichever statement.
SET client_min_messages = warning;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT s, '1d', d, 10, 11, 9, 10, 100 FROM unnest(ARRAY['AAA', 'BBB']) AS s, generate_series(timestamptz '2024-01-01 00:00+00', '2024-02-09 00:00+00', '24 hours') AS d;

SELECT string_agg(symbol || ' ' || instrument_id, ', ' ORDER BY symbol) AS ids FROM bourse.instrument;

-- By hand: written, corrected, corrected by an upsert that says nothing of time, deleted, written again as if it had always been so.
CREATE TABLE public.moment (name text PRIMARY KEY, at timestamptz NOT NULL);
INSERT INTO bourse.bar_field (instrument_id, freq, field, ts, value, known_at) SELECT instrument_id, '1d', 'pe', '2024-01-03', 5, '2024-01-04' FROM bourse.instrument WHERE symbol = 'AAA';
INSERT INTO moment VALUES ('first', clock_timestamp());
UPDATE bourse.bar_field SET value = 6, known_at = '2024-01-01' WHERE field = 'pe';
INSERT INTO moment VALUES ('corrected', clock_timestamp());
INSERT INTO bourse.bar_field (instrument_id, freq, field, ts, value) SELECT instrument_id, '1d', 'pe', '2024-01-03', 7 FROM bourse.instrument WHERE symbol = 'AAA'
ON CONFLICT (instrument_id, freq, field, ts) DO UPDATE SET value = excluded.value;
INSERT INTO moment VALUES ('again', clock_timestamp());
DELETE FROM bourse.bar_field WHERE field = 'pe';
INSERT INTO moment VALUES ('deleted', clock_timestamp());
INSERT INTO bourse.bar_field (instrument_id, freq, field, ts, value, known_at) SELECT instrument_id, '1d', 'pe', '2024-01-03', 8, '2024-01-04' FROM bourse.instrument WHERE symbol = 'AAA';
INSERT INTO moment VALUES ('back', clock_timestamp()), ('before it was known', '2024-01-03 12:00+00'), ('when it was known', '2024-01-04');
UPDATE bourse.bar_field SET known_at = known_at WHERE field = 'pe';  -- changes nothing
SELECT m.name, e.value FROM public.moment AS m, LATERAL bourse.evaluate('$pe', 'AAA', '2024-01-03', '2024-01-04', options => jsonb_build_object('known_at', m.at)) AS e
WHERE m.name <> 'before it was known' ORDER BY m.at;
SELECT count(*) FROM bourse.panel_series_known('1d', 'pe', ARRAY(SELECT instrument_id FROM bourse.instrument WHERE symbol = 'AAA'), ARRAY[0], ARRAY[bourse.to_unix_us('infinity')],
    (SELECT at FROM public.moment WHERE name = 'before it was known'));
SELECT value, known_from < known_until AS ordered FROM bourse.bar_field_history ORDER BY known_until;
-- moved to another day: as deleted and written there
UPDATE bourse.bar_field SET ts = '2024-01-05' WHERE field = 'pe';
SELECT e.ts AT TIME ZONE 'UTC' AS day, e.value AS now, k.value AS before FROM bourse.evaluate('$pe', 'AAA', '2024-01-03', '2024-01-06') AS e
JOIN bourse.evaluate('$pe', 'AAA', '2024-01-03', '2024-01-06', options => jsonb_build_object('known_at', (SELECT at FROM public.moment WHERE name = 'back'))) AS k USING (ts) ORDER BY e.ts;

-- At random, by every statement, against an account of the same events that is kept by itself. claim: a value was said to hold from a time until another.
CREATE TABLE public.claim (n int GENERATED ALWAYS AS IDENTITY, instrument_id int, ts timestamptz, value float8, valid_from timestamptz, valid_until timestamptz DEFAULT 'infinity');
CREATE TABLE public.event (at timestamptz);
CREATE TABLE public.seen (at timestamptz, instrument_id int, ts timestamptz, value float8, known_at timestamptz);  -- the whole table after each event
CREATE PROCEDURE public.write_at_random(events int) LANGUAGE plpgsql AS $$
DECLARE
    id int;
    day timestamptz;
    drawn float8;
    kind int;
    known timestamptz;
    at timestamptz;
    old public.claim;
    stored bourse.bar_field;
BEGIN
    FOR event IN 1 .. events LOOP
        id := 1 + (random() < 0.5)::int;
        day := timestamptz '2024-01-01 00:00+00' + floor(random() * 8) * interval '24 hours';
        drawn := CASE WHEN random() < 0.1 THEN NULL ELSE floor(random() * 50) END;
        known := clock_timestamp() - random() * random() * interval '2 seconds';
        kind := floor(random() * 5);
        SELECT * INTO old FROM public.claim AS c WHERE c.instrument_id = id AND c.ts = day AND c.valid_until = 'infinity';
        IF kind = 0 THEN
            DELETE FROM bourse.bar_field AS f WHERE f.instrument_id = id AND f.field = 'noise' AND f.ts = day;
            drawn := 'NaN';
        ELSIF kind = 1 THEN
            UPDATE bourse.bar_field AS f SET value = drawn, known_at = known WHERE f.instrument_id = id AND f.field = 'noise' AND f.ts = day AND f.value IS DISTINCT FROM drawn;
        ELSIF kind = 2 THEN
            PERFORM bourse.qlib_keep_field(id, '1d', 'noise', bourse.to_unix_us(day), bourse.to_unix_us(day), ARRAY[bourse.to_unix_us(day)], ARRAY[drawn]);
        ELSE
            INSERT INTO bourse.bar_field (instrument_id, freq, field, ts, value, known_at) VALUES (id, '1d', 'noise', day, drawn, known)
            ON CONFLICT ON CONSTRAINT bar_field_pkey DO UPDATE SET value = excluded.value, known_at = excluded.known_at WHERE bar_field.value IS DISTINCT FROM excluded.value;
        END IF;
        SELECT * INTO stored FROM bourse.bar_field AS f WHERE f.instrument_id = id AND f.field = 'noise' AND f.ts = day;
        -- the account: when a value is replaced or goes, its claim ends by the clock; a first one holds from when its writer says
        IF old.n IS NOT NULL AND (stored.ts IS NULL OR old.value IS DISTINCT FROM drawn) THEN
            UPDATE public.claim SET valid_until = clock_timestamp() WHERE n = old.n;
        END IF;
        IF stored.ts IS NOT NULL AND (old.n IS NULL OR old.value IS DISTINCT FROM drawn) THEN
            INSERT INTO public.claim (instrument_id, ts, value, valid_from)
            VALUES (id, day, drawn, CASE WHEN old.n IS NOT NULL THEN clock_timestamp() WHEN kind = 2 THEN day + interval '24 hours' ELSE known END);
        END IF;
        at := clock_timestamp();
        INSERT INTO public.event VALUES (at);
        INSERT INTO public.seen SELECT at, f.instrument_id, f.ts, f.value, f.known_at FROM bourse.bar_field AS f WHERE f.field = 'noise';
        COMMIT;
    END LOOP;
END
$$;
SELECT setseed(0.29);
CALL public.write_at_random(400);
SELECT count(*) > 50 AS many_histories, count(DISTINCT (instrument_id, ts)) = 16 AS of_all_keys FROM bourse.bar_field_history WHERE field = 'noise';
-- between any two events: of the claims that hold then, the one that was made first
CREATE VIEW public.read_back AS
SELECT a.at, i.instrument_id, d.day AS ts, k.value
FROM public.event AS a, (SELECT instrument_id FROM bourse.instrument) AS i, generate_series(timestamptz '2024-01-01 00:00+00', '2024-01-08 00:00+00', '24 hours') AS d(day)
    LEFT JOIN LATERAL bourse.panel_series_known('1d', 'noise', ARRAY[i.instrument_id], ARRAY[bourse.to_unix_us(d.day)], ARRAY[bourse.to_unix_us(d.day) + 1], a.at) AS k ON true;
SELECT count(*) AS compared, count(*) FILTER (WHERE r.value IS DISTINCT FROM c.value) AS unequal, count(r.value) > 2000 AS with_values
FROM public.read_back AS r LEFT JOIN LATERAL (
    SELECT c.value FROM public.claim AS c WHERE c.instrument_id = r.instrument_id AND c.ts = r.ts AND c.valid_from <= r.at AND r.at < c.valid_until ORDER BY c.n LIMIT 1) AS c ON true;
-- and whatever was in the table at a time, and known, is still what is read as known at that time
SELECT count(*) > 2000 AS compared, count(*) FILTER (WHERE k.value IS DISTINCT FROM s.value) AS unequal
FROM public.seen AS s LEFT JOIN LATERAL bourse.panel_series_known('1d', 'noise', ARRAY[s.instrument_id], ARRAY[bourse.to_unix_us(s.ts)], ARRAY[bourse.to_unix_us(s.ts) + 1], s.at) AS k ON true
WHERE s.known_at <= s.at;

-- Datasets: one made before a correction and a backfill reads what was there, a live one with known_at too, one made now what is there now.
INSERT INTO bourse.bar_field (instrument_id, freq, field, ts, value, known_at)
SELECT b.instrument_id, '1d', 'quality', b.ts, 1 + extract(day FROM b.ts)::int % 3, b.known_at FROM bourse.bar AS b WHERE extract(day FROM b.ts) > 5;
SELECT bourse.create_feature_set('quality', '{"q": "$quality", "mean": "Mean($quality,3)"}'::jsonb) > 0 AS made;
CREATE TABLE public.rows_before AS SELECT r.symbol, r.ts, r.features FROM bourse.feature_rows('quality') AS r;
SELECT clock_timestamp() AS at \gset
SELECT bourse.create_dataset('then', 'quality', label => 'Ref($quality,-1)-$quality', split => '{"folds": 1}') > 0 AS pinned,
       bourse.create_dataset('live_then', 'quality', label => 'Ref($quality,-1)-$quality', known_at => :'at', pinned => false, split => '{"folds": 1}') > 0 AS live;
CREATE TABLE public.dataset_before AS SELECT * FROM bourse.dataset_rows('then');
UPDATE bourse.bar_field SET value = value + 10 WHERE field = 'quality' AND ts BETWEEN '2024-01-10' AND '2024-01-14';
DELETE FROM bourse.bar_field WHERE field = 'quality' AND ts BETWEEN '2024-01-16' AND '2024-01-17';
INSERT INTO bourse.bar_field (instrument_id, freq, field, ts, value, known_at)
SELECT b.instrument_id, '1d', 'quality', b.ts, 99, b.known_at FROM bourse.bar AS b WHERE extract(day FROM b.ts) <= 5 OR b.ts = '2024-01-16';
SELECT (SELECT count(*) FROM bourse.dataset_rows('then')) AS rows,
    (SELECT count(*) FROM (SELECT * FROM bourse.dataset_rows('then') EXCEPT SELECT * FROM public.dataset_before) AS d) AS pinned_changed,
    (SELECT count(*) FROM (SELECT * FROM public.dataset_before EXCEPT SELECT * FROM bourse.dataset_rows('then')) AS d) AS pinned_missing;
-- the backfilled days count at known_at: their writer says that they were known; what was corrected or deleted since reads as it was
SELECT count(*) AS days, count(*) FILTER (WHERE n.features[1] IS DISTINCT FROM b.features[1]) AS changed, count(*) FILTER (WHERE k.features[1] IS DISTINCT FROM b.features[1]) AS changed_as_known,
    string_agg(DISTINCT k.features[1]::text, ',') FILTER (WHERE k.features[1] IS DISTINCT FROM b.features[1]) AS known_now
FROM public.rows_before AS b JOIN bourse.feature_rows('quality') AS n USING (symbol, ts) JOIN bourse.feature_rows('quality', known_at => :'at') AS k USING (symbol, ts);
SELECT count(*) AS rows, count(*) FILTER (WHERE l.features[1] IS DISTINCT FROM b.features[1]) AS unequal
FROM bourse.dataset_rows('live_then') AS l JOIN public.dataset_before AS b USING (symbol, ts) WHERE l.ts >= '2024-01-09';
CREATE VIEW public.orders AS SELECT symbol, timestamptz '2024-01-13 12:00+00' AS ts FROM bourse.instrument;
SELECT (SELECT string_agg(features[1]::text, ',') FROM bourse.asof_join(NULL::public.orders, 'quality')) AS joined_now,
       (SELECT string_agg(features[1]::text, ',') FROM bourse.asof_join(NULL::public.orders, 'quality', known_at => :'at')) AS joined_as_known;
