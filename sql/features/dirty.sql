-- What else than a load moves stored features: other series, sessions, an instrument's calendar. Statement triggers:
-- one row of feature_dirty an instrument and set, in the transaction that changes.

CREATE OR REPLACE FUNCTION bourse.bar_field_changed() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('bourse.materialize'));
    INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts)
    SELECT s.feature_set_id, c.instrument_id, bourse.dirty_from(s.freq, c.freq, min(c.ts)), bourse.dirty_to(s.freq, c.freq, max(c.ts))
    FROM changed AS c JOIN bourse.feature_set AS s ON s.materialized AND (s.freq = c.freq OR c.freq = ANY (s.other_freqs))
    WHERE position('$' || lower(c.field) IN lower(array_to_string(s.expressions, ' '))) > 0
    GROUP BY s.feature_set_id, c.instrument_id, c.freq;
    IF FOUND THEN
        PERFORM bourse.ring();
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bourse.bar_field_changed() IS 'marks the stored sets that read a changed series. SECURITY DEFINER: nobody else writes feature_dirty';

CREATE OR REPLACE TRIGGER bar_field_inserted AFTER INSERT ON bourse.bar_field
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.bar_field_changed();
COMMENT ON TRIGGER bar_field_inserted ON bourse.bar_field IS 'marks the stored sets that read the series';
CREATE OR REPLACE TRIGGER bar_field_updated AFTER UPDATE ON bourse.bar_field
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.bar_field_changed();
COMMENT ON TRIGGER bar_field_updated ON bourse.bar_field IS 'marks the stored sets that read the series';
CREATE OR REPLACE TRIGGER bar_field_deleted AFTER DELETE ON bourse.bar_field
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.bar_field_changed();
COMMENT ON TRIGGER bar_field_deleted ON bourse.bar_field IS 'marks the stored sets that read the series';

-- From the first changed session on: positions move, and every window over them.
CREATE OR REPLACE FUNCTION bourse.calendar_changed() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('bourse.materialize'));
    INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts)
    SELECT s.feature_set_id, i.instrument_id, min(c.session)::timestamp AT TIME ZONE 'UTC' - interval '31 days', 'infinity'
    FROM changed AS c
        JOIN bourse.instrument AS i ON i.calendar = c.calendar
        JOIN bourse.feature_set AS s ON s.materialized
    WHERE EXISTS (SELECT FROM bourse.bar AS b WHERE b.instrument_id = i.instrument_id AND b.freq = s.freq)
    GROUP BY s.feature_set_id, i.instrument_id;
    IF FOUND THEN
        PERFORM bourse.ring();
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bourse.calendar_changed() IS 'marks the stored features of a calendar''s instruments. SECURITY DEFINER: nobody else writes feature_dirty';

CREATE OR REPLACE TRIGGER calendar_inserted AFTER INSERT ON bourse.calendar
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.calendar_changed();
COMMENT ON TRIGGER calendar_inserted ON bourse.calendar IS 'marks the stored features of its instruments';
CREATE OR REPLACE TRIGGER calendar_updated AFTER UPDATE ON bourse.calendar
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.calendar_changed();
COMMENT ON TRIGGER calendar_updated ON bourse.calendar IS 'marks the stored features of its instruments';
CREATE OR REPLACE TRIGGER calendar_deleted AFTER DELETE ON bourse.calendar
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.calendar_changed();
COMMENT ON TRIGGER calendar_deleted ON bourse.calendar IS 'marks the stored features of its instruments';

CREATE OR REPLACE FUNCTION bourse.instrument_changed() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- the instrument itself, and those whose union of days it joins or leaves
    INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts)
    SELECT s.feature_set_id, i.instrument_id, '-infinity', 'infinity'
    FROM bourse.instrument AS i JOIN bourse.feature_set AS s ON s.materialized
    WHERE EXISTS (SELECT FROM before AS o JOIN after AS n ON n.instrument_id = o.instrument_id
                  WHERE o.calendar IS DISTINCT FROM n.calendar
                      AND (i.instrument_id = n.instrument_id OR i.calendar IS NOT DISTINCT FROM o.calendar OR i.calendar IS NOT DISTINCT FROM n.calendar))
        AND EXISTS (SELECT FROM bourse.bar AS b WHERE b.instrument_id = i.instrument_id AND b.freq = s.freq);
    IF FOUND THEN
        PERFORM bourse.ring();
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bourse.instrument_changed() IS 'marks stored features when an instrument moves to another calendar. SECURITY DEFINER: nobody else writes feature_dirty';

CREATE OR REPLACE TRIGGER instrument_updated AFTER UPDATE ON bourse.instrument
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION bourse.instrument_changed();
COMMENT ON TRIGGER instrument_updated ON bourse.instrument IS 'marks stored features when the calendar changes';

-- Cross-sectional operators name universes: CSRank($close,'csi300').
CREATE OR REPLACE FUNCTION bourse.universe_changed() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('bourse.materialize'));
    INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts)
    SELECT s.feature_set_id, i.instrument_id, '-infinity', 'infinity'
    FROM bourse.feature_set AS s CROSS JOIN bourse.instrument AS i
    WHERE s.materialized AND EXISTS (SELECT FROM bourse.bar AS b WHERE b.instrument_id = i.instrument_id AND b.freq = s.freq)
        AND EXISTS (SELECT FROM changed AS c WHERE position(quote_literal(c.name) IN array_to_string(s.expressions, ' ')) > 0
                                                OR position('"' || c.name || '"' IN array_to_string(s.expressions, ' ')) > 0);
    IF FOUND THEN
        PERFORM bourse.ring();
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bourse.universe_changed() IS 'marks the stored sets that take cross-sections of a changed universe. SECURITY DEFINER: nobody else writes feature_dirty';

CREATE OR REPLACE TRIGGER universe_inserted AFTER INSERT ON bourse.universe
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.universe_changed();
COMMENT ON TRIGGER universe_inserted ON bourse.universe IS 'marks the stored sets that take its cross-sections';
CREATE OR REPLACE TRIGGER universe_updated AFTER UPDATE ON bourse.universe
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.universe_changed();
COMMENT ON TRIGGER universe_updated ON bourse.universe IS 'marks the stored sets that take its cross-sections';
CREATE OR REPLACE TRIGGER universe_deleted AFTER DELETE ON bourse.universe
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.universe_changed();
COMMENT ON TRIGGER universe_deleted ON bourse.universe IS 'marks the stored sets that take its cross-sections';
