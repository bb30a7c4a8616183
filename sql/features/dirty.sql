-- What else than a load moves stored features: other series, statements, sessions, an instrument's calendar, a universe. Statement
-- triggers: one row of feature_dirty an instrument and set, in the transaction that changes.

-- Materializing a set takes the other form of the lock, so no change falls between: either it is committed before the
-- set's first dirty rows are written, or it waits here and sees that the set is stored. Each statement below has a
-- snapshot of its own, taken after the wait.
CREATE OR REPLACE FUNCTION bourse.mark_features_dirty() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('bourse.materialize'));
    CASE TG_TABLE_NAME
    WHEN 'bar_field' THEN  -- the sets that read the series
        INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts)
        SELECT s.feature_set_id, c.instrument_id, bourse.dirty_from(s.freq, c.freq, min(c.ts)), bourse.dirty_to(s.freq, c.freq, max(c.ts))
        FROM changed AS c JOIN bourse.feature_set AS s ON s.materialized AND (s.freq = c.freq OR c.freq = ANY (s.other_freqs))
        WHERE position(lower(c.field) IN lower(array_to_string(s.expressions, ' '))) > 0  -- $name or Feature('name')
        GROUP BY s.feature_set_id, c.instrument_id, c.freq;
    WHEN 'period_field' THEN  -- every row from the bar on that was open when it was published
        INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts)
        SELECT s.feature_set_id, c.instrument_id, CASE TG_OP WHEN 'UPDATE' THEN '-infinity' ELSE min(c.known_at) - interval '31 days' END, 'infinity'
        FROM changed AS c JOIN bourse.feature_set AS s ON s.materialized
        WHERE position(lower(c.field) IN lower(array_to_string(s.expressions, ' '))) > 0
            AND EXISTS (SELECT FROM bourse.bar AS b WHERE b.instrument_id = c.instrument_id AND b.freq = s.freq)
        GROUP BY s.feature_set_id, c.instrument_id;
    WHEN 'calendar' THEN  -- from the first changed session on: positions move, and every window over them
        INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts)
        SELECT s.feature_set_id, i.instrument_id, min(c.session)::timestamp AT TIME ZONE 'UTC' - interval '31 days', 'infinity'
        FROM changed AS c
            JOIN bourse.instrument AS i ON i.calendar = c.calendar
            JOIN bourse.feature_set AS s ON s.materialized
        WHERE EXISTS (SELECT FROM bourse.bar AS b WHERE b.instrument_id = i.instrument_id AND b.freq = s.freq)
        GROUP BY s.feature_set_id, i.instrument_id;
    WHEN 'instrument' THEN  -- that moved to another calendar, and those whose union of days it joins or leaves
        INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts)
        SELECT s.feature_set_id, i.instrument_id, '-infinity', 'infinity'
        FROM bourse.instrument AS i JOIN bourse.feature_set AS s ON s.materialized
        WHERE EXISTS (SELECT FROM before AS o JOIN changed AS n ON n.instrument_id = o.instrument_id
                      WHERE o.calendar IS DISTINCT FROM n.calendar
                          AND (i.instrument_id = n.instrument_id OR i.calendar IS NOT DISTINCT FROM o.calendar OR i.calendar IS NOT DISTINCT FROM n.calendar))
            AND EXISTS (SELECT FROM bourse.bar AS b WHERE b.instrument_id = i.instrument_id AND b.freq = s.freq);
    WHEN 'universe' THEN  -- cross-sectional operators name universes: CSRank($close,'csi300')
        INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts)
        SELECT s.feature_set_id, i.instrument_id, '-infinity', 'infinity'
        FROM bourse.feature_set AS s CROSS JOIN bourse.instrument AS i
        WHERE s.materialized AND EXISTS (SELECT FROM bourse.bar AS b WHERE b.instrument_id = i.instrument_id AND b.freq = s.freq)
            AND EXISTS (SELECT FROM changed AS c WHERE position(quote_literal(c.name) IN array_to_string(s.expressions, ' ')) > 0
                                                    OR position('"' || c.name || '"' IN array_to_string(s.expressions, ' ')) > 0);
    END CASE;
    IF FOUND THEN
        PERFORM bourse.ring();
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bourse.mark_features_dirty() IS
    'marks stored features when another series, a statement, a session, an instrument''s calendar or a universe changes. SECURITY DEFINER: nobody else writes feature_dirty';

SELECT bourse.on_any_change(changed_table, 'bourse.mark_features_dirty()', NULL, meaning)
FROM (VALUES ('bourse.bar_field', 'marks the stored sets that read the series'),
             ('bourse.period_field', 'marks the stored sets that read the statements'),
             ('bourse.calendar', 'marks the stored features of its instruments'),
             ('bourse.universe', 'marks the stored sets that take its cross-sections')) AS t(changed_table, meaning);

CREATE OR REPLACE TRIGGER instrument_updated AFTER UPDATE ON bourse.instrument
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.mark_features_dirty();
COMMENT ON TRIGGER instrument_updated ON bourse.instrument IS 'marks stored features when the calendar changes';
