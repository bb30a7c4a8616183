-- What bar_field held before: every change of a value and every deletion leaves the old one in bar_field_history. Whoever
-- writes the table, by whichever statement: known_at of a query must not depend on the writer's care.

CREATE OR REPLACE FUNCTION bourse.stamp_field_change() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- clock_timestamp, as loads of bars do: a long transaction knows its later rows later
    NEW.known_at := greatest(clock_timestamp(), OLD.known_at, NEW.known_at);
    NEW.recorded_at := now();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION bourse.stamp_field_change() IS 'a changed value is known from now on, or from the later time that the statement says';

CREATE OR REPLACE TRIGGER bar_field_stamp BEFORE UPDATE ON bourse.bar_field FOR EACH ROW
    WHEN ((OLD.instrument_id, OLD.freq, OLD.field, OLD.ts, OLD.value) IS DISTINCT FROM (NEW.instrument_id, NEW.freq, NEW.field, NEW.ts, NEW.value))
    EXECUTE FUNCTION bourse.stamp_field_change();
COMMENT ON TRIGGER bar_field_stamp ON bourse.bar_field IS 'a changed value is not known before it is changed';

CREATE OR REPLACE FUNCTION bourse.keep_field_history() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moment timestamptz := clock_timestamp();
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO bourse.bar_field_history (instrument_id, freq, field, ts, value, known_from, known_until, recorded_at)
        SELECT o.instrument_id, o.freq, o.field, o.ts, o.value, o.known_at, moment, o.recorded_at FROM before AS o WHERE o.known_at < moment;
    ELSE
        INSERT INTO bourse.bar_field_history (instrument_id, freq, field, ts, value, known_from, known_until, recorded_at)
        SELECT o.instrument_id, o.freq, o.field, o.ts, o.value, o.known_at, coalesce(n.known_at, moment), o.recorded_at
        FROM before AS o LEFT JOIN changed AS n ON n.instrument_id = o.instrument_id AND n.freq = o.freq AND n.field = o.field AND n.ts = o.ts
        WHERE (n.instrument_id IS NULL OR n.value IS DISTINCT FROM o.value) AND o.known_at < coalesce(n.known_at, moment);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bourse.keep_field_history() IS
    'keeps values of bar_field that are changed or deleted, unless they were never known. SECURITY DEFINER because history is written whoever changes a value';

CREATE OR REPLACE TRIGGER bar_field_updated_history AFTER UPDATE ON bourse.bar_field
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.keep_field_history();
COMMENT ON TRIGGER bar_field_updated_history ON bourse.bar_field IS 'keeps the values that were';
CREATE OR REPLACE TRIGGER bar_field_deleted_history AFTER DELETE ON bourse.bar_field
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION bourse.keep_field_history();
COMMENT ON TRIGGER bar_field_deleted_history ON bourse.bar_field IS 'keeps the values that were';
