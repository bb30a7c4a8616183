-- How much of every feature there is, and how fresh it is.

CREATE OR REPLACE VIEW bourse_bi.feature_coverage AS
WITH sets AS MATERIALIZED (
    SELECT s.feature_set_id, s.name, s.version, s.freq, s.features, s.materialized, t.refreshed_at, x.from_ts AS uncounted_from,
        (SELECT max(v.ts) FROM bourse.feature_value AS v WHERE v.feature_set_id = s.feature_set_id) AS newest_ts,
        (SELECT max(b.ts) FROM bourse.bar AS b WHERE b.freq = s.freq) AS newest_bar_ts,
        (SELECT count(*) FROM bourse.instrument AS i WHERE EXISTS (SELECT FROM bourse.bar AS b WHERE b.instrument_id = i.instrument_id AND b.freq = s.freq)) AS instruments,
        (SELECT count(*) FROM bourse.instrument AS i
         WHERE EXISTS (SELECT FROM bourse.feature_value AS v WHERE v.feature_set_id = s.feature_set_id AND v.instrument_id = i.instrument_id)) AS stored_instruments,
        (SELECT count(*) FROM bourse.feature_dirty AS d WHERE d.feature_set_id = s.feature_set_id) AS dirty_ranges,
        (SELECT min(d.made_at) FROM bourse.feature_dirty AS d WHERE d.feature_set_id = s.feature_set_id) AS dirty_since
    FROM bourse.feature_set AS s
    LEFT JOIN bourse.feature_state AS t ON t.feature_set_id = s.feature_set_id
    LEFT JOIN bourse.feature_stats_stale AS x ON x.feature_set_id = s.feature_set_id
), counted AS MATERIALIZED (
    SELECT c.feature_set_id, c.feature, sum(c.n + c.missing + c.infinite)::bigint AS stored_rows, sum(c.n)::bigint AS present, sum(c.missing)::bigint AS missing,
        sum(c.infinite)::bigint AS infinite, min(c.day) FILTER (WHERE c.n > 0) AS first_day, max(c.day) FILTER (WHERE c.n > 0) AS newest_day
    FROM bourse.feature_stats AS c JOIN sets AS s ON s.feature_set_id = c.feature_set_id AND s.materialized
    GROUP BY c.feature_set_id, c.feature
)
SELECT s.name AS feature_set, s.version, s.freq::text AS freq, f.n::int AS position, f.feature, s.materialized,
    c.stored_rows, c.present, c.missing, c.infinite, c.present::float8 / nullif(c.stored_rows, 0) AS coverage_ratio, c.first_day, c.newest_day,
    CASE WHEN s.materialized THEN s.uncounted_from END AS uncounted_from,
    s.instruments, s.stored_instruments, s.newest_ts, s.newest_bar_ts, s.refreshed_at, s.dirty_ranges, s.dirty_since
FROM sets AS s CROSS JOIN LATERAL unnest(s.features) WITH ORDINALITY AS f(feature, n)
LEFT JOIN counted AS c ON c.feature_set_id = s.feature_set_id AND c.feature = f.n;
COMMENT ON VIEW bourse_bi.feature_coverage IS 'every feature of every set: how many stored values there are, from when to when, and how fresh they are; counts are those of the last count, see uncounted_from';
COMMENT ON COLUMN bourse_bi.feature_coverage.stored_rows IS 'rows that were counted; NULL: none, or the set is not stored';
COMMENT ON COLUMN bourse_bi.feature_coverage.present IS 'of them with a finite value of this feature';
COMMENT ON COLUMN bourse_bi.feature_coverage.coverage_ratio IS 'present / stored_rows';
COMMENT ON COLUMN bourse_bi.feature_coverage.first_day IS 'first UTC day with a value of this feature';
COMMENT ON COLUMN bourse_bi.feature_coverage.newest_day IS 'last UTC day with a value of this feature';
COMMENT ON COLUMN bourse_bi.feature_coverage.uncounted_from IS 'stored values from this time on changed since they were counted; NULL: all are counted';
COMMENT ON COLUMN bourse_bi.feature_coverage.instruments IS 'instruments with bars of the set''s frequency';
COMMENT ON COLUMN bourse_bi.feature_coverage.stored_instruments IS 'of them with stored rows of the set';
COMMENT ON COLUMN bourse_bi.feature_coverage.newest_ts IS 'bar time of the set''s newest stored row';
COMMENT ON COLUMN bourse_bi.feature_coverage.newest_bar_ts IS 'time of the newest bar of the set''s frequency';
COMMENT ON COLUMN bourse_bi.feature_coverage.dirty_ranges IS 'ranges that wait for a refresh; 0: fresh';
COMMENT ON COLUMN bourse_bi.feature_coverage.dirty_since IS 'when the oldest of them was made';
