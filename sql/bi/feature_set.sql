-- Feature sets: what they hold, how far they are stored, what still has to be refreshed.

CREATE OR REPLACE VIEW bourse_bi.feature_set AS
SELECT s.name, s.version, s.freq::text AS freq, s.features, s.materialized,
    (SELECT count(*) FROM bourse.feature_value AS v WHERE v.feature_set_id = s.feature_set_id) AS stored_rows,
    (SELECT max(v.ts) FROM bourse.feature_value AS v WHERE v.feature_set_id = s.feature_set_id) AS newest_ts,
    (SELECT count(*) FROM bourse.feature_dirty AS d WHERE d.feature_set_id = s.feature_set_id) AS dirty_rows,
    (SELECT min(d.made_at) FROM bourse.feature_dirty AS d WHERE d.feature_set_id = s.feature_set_id) AS dirty_since,
    t.refreshed_at, t.rows AS refreshed_rows, t.seconds AS refresh_seconds, t.values_per_second,
    cardinality(s.features) AS feature_count, s.expressions, s.lookback_bars, s.description, s.created_at, s.created_by,
    s.feature_set_id
FROM bourse.feature_set AS s
LEFT JOIN bourse.feature_state AS t USING (feature_set_id);
COMMENT ON VIEW bourse_bi.feature_set IS 'every version of every feature set, with its coverage and freshness; stored_rows counts when it is selected';
COMMENT ON COLUMN bourse_bi.feature_set.newest_ts IS 'bar time of the newest stored row; NULL: nothing stored';
COMMENT ON COLUMN bourse_bi.feature_set.dirty_rows IS 'ranges that wait for a refresh; 0: fresh';
COMMENT ON COLUMN bourse_bi.feature_set.dirty_since IS 'when the oldest of them was made';
COMMENT ON COLUMN bourse_bi.feature_set.lookback_bars IS 'bars before a row that its features read; NULL: all of them';
