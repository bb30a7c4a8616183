#!/usr/bin/env bash
# A load is followed by its refresh and that by its statistics, without being asked: coverage and counts are those of the stored values.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
load() { # SYMBOL FROM TO: daily bars
    sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
         SELECT '$1', '1d', d, p, p + 2, p - 2, p + 1, 1000 FROM (SELECT d, 50 + 10 * sin(n / 9.0) + length('$1') AS p
         FROM generate_series(timestamptz '$2', timestamptz '$3', '1 day') WITH ORDINALITY AS g(d, n)) AS x" >/dev/null
}
sql "INSERT INTO bourse.instrument (symbol, calendar) VALUES ('AAA', '24x7'), ('BBB', '24x7')"
sql "SELECT bourse.create_feature_set('counted', '[{\"name\": \"change\", \"expression\": \"\$close/Ref(\$close,5)-1\"}, {\"name\": \"close\", \"expression\": \"\$close\"}]'::jsonb, materialize => true)" >/dev/null
counted="(SELECT count(*) = 0 FROM bourse.feature_dirty) AND NOT EXISTS (SELECT FROM bourse.job) AND NOT EXISTS (SELECT FROM bourse.feature_stats_stale)"
coverage="SELECT string_agg(concat_ws(' ', feature, stored_rows, present, first_day, newest_day, stored_instruments, uncounted_from IS NULL, newest_ts = newest_bar_ts), ', ' ORDER BY position)
    FROM bourse_bi.feature_coverage WHERE feature_set = 'counted'"
differences="WITH direct AS (SELECT s.features[u.n] AS feature, count(*) FILTER (WHERE u.x <> 'NaN') AS n, count(*) FILTER (WHERE u.x = 'NaN') AS missing, avg(u.x::float8) FILTER (WHERE u.x <> 'NaN') AS mean
        FROM bourse.feature_set AS s JOIN bourse.feature_value AS v USING (feature_set_id) CROSS JOIN LATERAL unnest(v.features::real[]) WITH ORDINALITY AS u(x, n) WHERE s.name = 'counted' GROUP BY 1)
    SELECT count(*) FROM direct AS d FULL JOIN bourse.feature_statistics('counted') AS m USING (feature) WHERE (d.n = m.n AND d.missing = m.missing AND abs(d.mean - m.mean) < 1e-12 * 100) IS NOT TRUE"

start_worker --slots 1
load AAA 2020-01-01 2020-03-31
until_true "$counted AND EXISTS (SELECT FROM bourse.feature_stats)" 120
expect "$coverage" "change 91 86 2020-01-06 2020-03-31 1 t t, close 91 91 2020-01-01 2020-03-31 1 t t" "after the first load"
expect "$differences" 0 "counts are those of the stored values"
load BBB 2020-02-01 2020-04-30
until_true "$counted AND (SELECT count(*) = 121 FROM (SELECT DISTINCT day FROM bourse.feature_stats) AS d)" 120
expect "$coverage" "change 181 171 2020-01-06 2020-04-30 2 t t, close 181 181 2020-01-01 2020-04-30 2 t t" "another instrument, later days"
expect "$differences" 0 "days before are counted again where they changed"
# a corrected bar
sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) VALUES ('AAA', '1d', '2020-02-10', 70, 90, 60, 80, 1)" >/dev/null
until_true "$counted AND (SELECT s.max_value = 80 FROM bourse.feature_stats AS s WHERE s.feature = 2 AND s.day = '2020-02-10')" 120
expect "$differences" 0 "after a correction"
# what a worker may do is enough for it
expect "SET ROLE bourse_worker; INSERT INTO bourse.feature_stats_stale SELECT feature_set_id, '-infinity' FROM bourse.feature_set WHERE name = 'counted'; SELECT bourse.count_features('1 hour')" f "as bourse_worker"
expect "$differences" 0 "counted as bourse_worker"
