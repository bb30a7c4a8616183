-- Statistics and coverage of stored features against a direct computation over every stored value.
\pset null '∅'
SET client_min_messages = warning;
INSERT INTO bourse.instrument (symbol, calendar) SELECT 'S' || i, '24x7' FROM generate_series(1, 12) AS i;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT 'S' || i, '1d', timestamptz '2024-01-01 00:00+00' + d * interval '1 day', 10, 12, 9, 11, 5 FROM generate_series(1, 12) AS i, generate_series(0, 9) AS d;
SELECT bourse.create_feature_set('counted', '[{"name": "plain", "expression": "$close"}, {"name": "odd", "expression": "$open"}, {"name": "void", "expression": "$high"}]'::jsonb, materialize => true) AS id \gset

-- nothing is stored yet
SELECT feature, stored_rows, present, coverage_ratio, instruments, stored_instruments, dirty_ranges, newest_ts FROM bourse_bi.feature_coverage WHERE feature_set = 'counted' ORDER BY position;
SELECT * FROM bourse.feature_statistics('counted');

-- as a refresh would leave it: values over many magnitudes, missing and infinite ones, a day without rows, a feature without values
SELECT setseed(0.25);
INSERT INTO bourse.feature_value (feature_set_id, instrument_id, ts, available_at, features)
SELECT :id, i.instrument_id, t.ts, t.ts + interval '1 day',
    (ARRAY[100 + random(), CASE WHEN random() < 0.1 THEN 'NaN' WHEN random() < 0.05 THEN '-Infinity' ELSE (random() - 0.5) * 10 ^ (20 * random() - 10) END, 'NaN']::float8[]::real[])::bourse.fvec
FROM bourse.instrument AS i, LATERAL (SELECT timestamptz '2024-01-01 00:00+00' + d * interval '1 day' AS ts FROM generate_series(0, 9) AS d WHERE d <> 4) AS t;
SELECT bourse.count_features() AS more, bourse.is_indexed_feature_set(:id) AS indexed;  -- not while the first refresh goes on
SELECT bourse.index_feature_set(:id), bourse.index_feature_set(:id) AS again;
DELETE FROM bourse.feature_dirty;
SELECT from_ts FROM bourse.feature_stats_stale WHERE feature_set_id = :id;
SELECT uncounted_from IS NOT NULL AS waits FROM bourse_bi.feature_coverage WHERE feature_set = 'counted' AND position = 1;
SELECT bourse.update_feature_stats(:id, 3);
SELECT from_ts AT TIME ZONE 'UTC' AS counted_until FROM bourse.feature_stats_stale WHERE feature_set_id = :id;
SELECT bourse.refresh_feature_statistics('counted');
SELECT bourse.refresh_feature_statistics('counted');
SELECT count(*) FROM bourse.feature_stats_stale WHERE feature_set_id = :id;

-- every day and feature against the values themselves
CREATE VIEW pg_temp.value AS
SELECT (v.ts AT TIME ZONE 'UTC')::date AS day, u.n::int AS feature, u.x, u.x <> 'NaN' AND abs(u.x) < 'Infinity' AS finite
FROM bourse.feature_value AS v CROSS JOIN LATERAL unnest(v.features::real[]) WITH ORDINALITY AS u(x, n) WHERE v.feature_set_id = :id;
WITH direct AS (
    SELECT day, feature, count(*) FILTER (WHERE finite) AS n, count(*) FILTER (WHERE x = 'NaN') AS missing, count(*) FILTER (WHERE abs(x) = 'Infinity') AS infinite,
        avg(x::float8) FILTER (WHERE finite) AS mean, var_pop(x::float8) FILTER (WHERE finite) * count(*) FILTER (WHERE finite) AS m2,
        min(x) FILTER (WHERE finite) AS min_value, max(x) FILTER (WHERE finite) AS max_value
    FROM pg_temp.value GROUP BY day, feature)
SELECT count(*) AS days_and_features, bool_and(s.n = d.n AND s.missing = d.missing AND s.infinite = d.infinite) AS counts, bool_and(s.min_value IS NOT DISTINCT FROM d.min_value AND s.max_value IS NOT DISTINCT FROM d.max_value) AS extremes,
    bool_and(coalesce(abs(s.mean - d.mean) <= 1e-12 * greatest(abs(d.min_value), abs(d.max_value)), s.mean IS NULL AND d.mean IS NULL)) AS means,
    bool_and(coalesce(abs(s.m2 - d.m2) <= 1e-9 * d.m2, s.m2 IS NULL AND d.m2 IS NULL)) AS spreads
FROM direct AS d FULL JOIN bourse.feature_stats AS s ON s.feature_set_id = :id AND s.day = d.day AND s.feature = d.feature;
-- every bin holds exactly the values between its edges
SELECT count(*) > 80 AS many, bool_and(b.count = (SELECT count(*) FROM pg_temp.value AS v WHERE v.day = s.day AND v.feature = s.feature AND v.finite
    AND CASE WHEN b.bin > 0 THEN v.x >= bourse.fixed_bin_from(b.bin) AND v.x < bourse.fixed_bin_to(b.bin) WHEN b.bin < 0 THEN v.x > bourse.fixed_bin_from(b.bin) AND v.x <= bourse.fixed_bin_to(b.bin) ELSE v.x = 0 END)) AS right_counts,
    bool_and(s.n = (SELECT sum(c) FROM unnest(s.counts) AS c)) AS all_values
FROM bourse.feature_stats AS s CROSS JOIN LATERAL unnest(s.bins, s.counts) AS b(bin, count) WHERE s.feature_set_id = :id;
-- days merged: any span equals its values at once
CREATE FUNCTION pg_temp.merged_is_right(from_day date, to_day date) RETURNS boolean LANGUAGE sql AS $$
WITH direct AS (
    SELECT v.feature, count(*) FILTER (WHERE finite) AS n, count(*) FILTER (WHERE x = 'NaN') AS missing, avg(x::float8) FILTER (WHERE finite) AS mean, stddev_samp(x::float8) FILTER (WHERE finite) AS std,
        min(x) FILTER (WHERE finite) AS min_value, max(x) FILTER (WHERE finite) AS max_value, percentile_disc(0.05) WITHIN GROUP (ORDER BY x) FILTER (WHERE finite) AS p05,
        percentile_disc(0.5) WITHIN GROUP (ORDER BY x) FILTER (WHERE finite) AS median, percentile_disc(0.95) WITHIN GROUP (ORDER BY x) FILTER (WHERE finite) AS p95
    FROM pg_temp.value AS v WHERE v.day >= coalesce(from_day, '-infinity') AND v.day < coalesce(to_day, 'infinity') GROUP BY v.feature)
SELECT bool_and(m.n = d.n AND m.missing = d.missing AND m.min_value IS NOT DISTINCT FROM d.min_value AND m.max_value IS NOT DISTINCT FROM d.max_value
    AND coalesce(abs(m.mean - d.mean) <= 1e-12 * greatest(abs(d.min_value), abs(d.max_value)) AND abs(m.std - d.std) <= 1e-9 * d.std
        AND abs(m.p05 - d.p05) <= abs(d.p05) / 32 AND abs(m.median - d.median) <= abs(d.median) / 32 AND abs(m.p95 - d.p95) <= abs(d.p95) / 32, m.mean IS NULL AND d.mean IS NULL AND m.median IS NULL))
FROM direct AS d JOIN bourse.feature_set AS s ON s.name = 'counted' FULL JOIN bourse.feature_statistics('counted', from_day, to_day) AS m ON m.feature = s.features[d.feature] $$;
SELECT pg_temp.merged_is_right(NULL, NULL) AS whole, pg_temp.merged_is_right('2024-01-03', '2024-01-08') AS part, pg_temp.merged_is_right('2024-01-07', NULL) AS rest;
SELECT feature, n, missing, infinite, round(mean::numeric, 1) AS mean, bins FROM bourse.feature_statistics('counted') WHERE feature <> 'odd';

-- coverage and freshness
SELECT feature_set, version, freq, position, feature, materialized, stored_rows, missing, coverage_ratio = present / 108.0::float8 AS ratio, first_day, newest_day, uncounted_from, instruments, stored_instruments,
    newest_ts AT TIME ZONE 'UTC' AS newest, newest_bar_ts AT TIME ZONE 'UTC' AS newest_bar, dirty_ranges FROM bourse_bi.feature_coverage WHERE feature_set = 'counted' ORDER BY position;
SELECT count(*) AS rows, bool_and(stored_rows IS NULL AND NOT materialized) AS nothing_stored FROM bourse_bi.feature_coverage WHERE feature_set = 'alpha158';

-- a correction: only from its day on; a day that vanished is gone from the counts
CREATE TABLE pg_temp.before AS SELECT * FROM bourse.feature_stats WHERE feature_set_id = :id;
UPDATE bourse.feature_value SET features = '{1,2,3}' WHERE feature_set_id = :id AND ts = '2024-01-08 00:00+00';
DELETE FROM bourse.feature_value WHERE feature_set_id = :id AND ts = '2024-01-09 00:00+00';
INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts) SELECT :id, instrument_id, '2024-01-08 15:00+00', 'infinity' FROM bourse.instrument;
DELETE FROM bourse.feature_dirty WHERE feature_set_id = :id;
SELECT bourse.count_features('1 hour') AS more;
SELECT s.day, array_agg(s.n ORDER BY s.feature) AS n, array_agg(s.bins ORDER BY s.feature) = ARRAY[ARRAY[bourse.fixed_bin(1)], ARRAY[bourse.fixed_bin(2)], ARRAY[bourse.fixed_bin(3)]] AS ones FROM bourse.feature_stats AS s
WHERE s.feature_set_id = :id AND s.day = '2024-01-08' GROUP BY s.day;
SELECT array_agg(DISTINCT day ORDER BY day) FROM bourse.feature_stats WHERE feature_set_id = :id AND day > '2024-01-06';
SELECT count(*) FILTER (WHERE b IS DISTINCT FROM s) AS changed_before FROM pg_temp.before AS b JOIN bourse.feature_stats AS s USING (feature_set_id, day, feature) WHERE day < '2024-01-08';
SELECT pg_temp.merged_is_right(NULL, NULL) AS whole;

-- bins
SELECT bourse.fixed_bin(0), bourse.fixed_bin('-0'), bourse.fixed_bin(1), bourse.fixed_bin(-1), bourse.fixed_bin('NaN'), bourse.fixed_bin('Infinity'), bourse.fixed_bin_from(bourse.fixed_bin(1)), bourse.fixed_bin_to(bourse.fixed_bin(-1));
SELECT bourse.fixed_bin_from(9000);
SELECT * FROM bourse.feature_statistics('conted');
