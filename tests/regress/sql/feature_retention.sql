-- How long stored features are kept. One transaction, so that now() stands still: days are counted from it, and the test may run across midnight.
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
BEGIN;
INSERT INTO bourse.instrument (symbol, calendar) SELECT 'S' || i, '24x7' FROM generate_series(1, 4) AS i;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT 'S' || i, '1d', date_trunc('day', now(), 'UTC') - d * interval '24 hours', 10, 12, 9, 11, 5 FROM generate_series(1, 4) AS i, generate_series(1, 100) AS d;
SELECT bourse.create_feature_set('kept', ARRAY['$close'], materialize => true) AS id \gset
SELECT bourse.create_feature_set('other', ARRAY['$open'], materialize => true) AS other \gset
DELETE FROM bourse.feature_dirty;
SELECT bourse.index_feature_set(id) FROM unnest(ARRAY[:id, :other]) AS id;
INSERT INTO bourse.feature_value SELECT f.id, b.instrument_id, b.ts, b.ts + interval '24 hours', '{1}' FROM bourse.bar AS b, (VALUES (:id), (:other)) AS f(id);
SELECT bourse.refresh_feature_statistics('kept');
CREATE VIEW pg_temp.state AS SELECT s.name, count(v.*) AS rows, extract(day FROM now() - min(v.ts)) AS oldest_days, count(DISTINCT v.ts::date) AS days FROM bourse.feature_set AS s LEFT JOIN bourse.feature_value AS v USING (feature_set_id)
    WHERE s.name IN ('kept', 'other') GROUP BY s.name ORDER BY s.name;

-- for ever, unless somebody says otherwise
SELECT bourse.feature_horizon(:id), bourse.trim_features();
SELECT * FROM pg_temp.state;

-- in steps; another set is left alone
SELECT bourse.keep_features('kept', 30) = date_trunc('day', now(), 'UTC') - 30 * interval '24 hours' AS horizon;
SELECT bourse.trim_features(100) AS more, count(*) FROM bourse.feature_value WHERE feature_set_id = :id;
SELECT count(*) FROM bourse.feature_value WHERE feature_set_id = :id;
SELECT bourse.trim_features(100) AS more;
SELECT bourse.trim_features(100) AS more;
SELECT * FROM pg_temp.state;
SELECT count(*) AS days, min(day) = (date_trunc('day', now(), 'UTC') - 30 * interval '24 hours')::date AS from_horizon FROM bourse.feature_stats WHERE feature_set_id = :id;
SELECT count(*) AS dirty FROM bourse.feature_dirty;

-- kept longer: what was dropped is marked; shorter: nothing is
SELECT bourse.keep_features('kept', 60) < now() AS longer;
SELECT count(*) AS dirty, bool_and(feature_set_id = :id) AS of_the_set, bool_and(to_ts - from_ts = 30 * interval '24 hours') AS between FROM bourse.feature_dirty;
DELETE FROM bourse.feature_dirty;
SELECT bourse.keep_features('kept', 50) < now() AS shorter;
SELECT count(*) AS dirty FROM bourse.feature_dirty;

-- the setting for all; the set's own goes first; NULL takes it back
SELECT bourse.set_setting('feature_keep_days', '10');
SELECT bourse.trim_features() AS more;
SELECT * FROM pg_temp.state;
SELECT bourse.keep_features('kept', NULL) = bourse.feature_horizon(:other) AS as_all;
SELECT bourse.trim_features() AS more;
SELECT * FROM pg_temp.state;

-- who may, and what is refused
SELECT bourse.keep_features('kept', -1);
SELECT bourse.keep_features('kepp', 1);
SET ROLE bourse_reader;
SELECT bourse.keep_features('kept', 1);
RESET ROLE;
SET ROLE bourse_worker;
SELECT bourse.trim_features() AS more;
ROLLBACK;
