-- When a schedule is due. Cron expressions are read and counted by the extension (src/schedule), sessions are data.

CREATE OR REPLACE FUNCTION bourse.session_slots(calendar text, event text, lag interval, after timestamptz, until timestamptz, most int) RETURNS timestamptz[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    midnight timestamptz := date_trunc('day', after - lag) + interval '1 day';
BEGIN
    IF calendar = '24x7' THEN  -- it opens and closes at 00:00 UTC
        RETURN ARRAY(SELECT d + lag FROM generate_series(midnight, least(until - lag, midnight + make_interval(days => most - 1)), interval '1 day') AS d
                     WHERE event IN ('open', 'close'));
    END IF;
    RETURN ARRAY(
        SELECT e.at + lag
        FROM (SELECT c.session, CASE event WHEN 'open' THEN c.open_at WHEN 'close' THEN c.close_at
                                           WHEN 'break_start' THEN c.break_start_at WHEN 'break_end' THEN c.break_end_at END AS at
              FROM bourse.calendar AS c
              WHERE c.calendar = session_slots.calendar AND c.session >= (after - lag)::date - 2 AND c.session <= (until - lag)::date + 2) AS e
        WHERE e.at + lag > after AND e.at + lag <= until
        ORDER BY e.session LIMIT most);
END
$$;
COMMENT ON FUNCTION bourse.session_slots(text, text, interval, timestamptz, timestamptz, int) IS
    'the first times, at most most, that lie lag after an event of the sessions, after < slot <= until, ascending';

CREATE OR REPLACE FUNCTION bourse.schedule_slots(spec text, calendar text, time_zone text, after timestamptz, until timestamptz, most int) RETURNS timestamptz[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    plan jsonb := bourse.read_schedule_spec(spec);
    own text := bourse.require_calendar(calendar);
    batch_size int := greatest(most, 500);
    reached timestamptz := after;
    stop timestamptz;
    batch timestamptz[];
    slots timestamptz[] := '{}';
BEGIN
    IF plan ->> 'type' = 'session' THEN
        RETURN bourse.session_slots(own, plan ->> 'event', make_interval(secs => (plan ->> 'offset_s')::float8), after, until, most);
    END IF;
    IF own = '24x7' THEN
        RETURN bourse.cron_slots(spec, time_zone, after, until, most);
    END IF;
    SELECT least(until, (max(c.session) + 1)::timestamp AT TIME ZONE time_zone) INTO stop FROM bourse.calendar AS c WHERE c.calendar = own;
    LOOP
        batch := bourse.cron_slots(spec, time_zone, reached, stop, batch_size);
        slots := slots || ARRAY(SELECT s FROM unnest(batch) AS s
                                WHERE EXISTS (SELECT FROM bourse.calendar AS c WHERE c.calendar = own AND c.session = (s AT TIME ZONE time_zone)::date)
                                ORDER BY s);
        EXIT WHEN cardinality(slots) >= most OR cardinality(batch) < batch_size;
        reached := batch[batch_size];
    END LOOP;
    RETURN slots[1:most];
END
$$;
COMMENT ON FUNCTION bourse.schedule_slots(text, text, text, timestamptz, timestamptz, int) IS
    'the first slots, at most most, of a spec, after < slot <= until, ascending; those of a cron expression only on days that are sessions of the calendar';

CREATE OR REPLACE FUNCTION bourse.schedule_next(spec text, calendar text, time_zone text, after timestamptz) RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT (bourse.schedule_slots(spec, calendar, time_zone, after, after + interval '41 years', 1))[1];
END;
COMMENT ON FUNCTION bourse.schedule_next(text, text, text, timestamptz) IS 'the first slot after a time; NULL when none is known';

CREATE OR REPLACE FUNCTION bourse.schedule_why_none(spec text, calendar text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    plan jsonb := bourse.read_schedule_spec(spec);
    own text := bourse.to_calendar(calendar);
BEGIN
    IF plan ->> 'event' LIKE 'break%'
        AND NOT EXISTS (SELECT FROM bourse.calendar AS c WHERE c.calendar = own AND c.break_start_at IS NOT NULL) THEN
        RETURN format('sessions of calendar %s have no break', own);
    END IF;
    RETURN format('no slot is left: sessions of calendar %s are loaded until %s only', own,
        (SELECT max(c.session) FROM bourse.calendar AS c WHERE c.calendar = own));
END
$$;
COMMENT ON FUNCTION bourse.schedule_why_none(text, text) IS 'why there is no next slot, in words';

CREATE OR REPLACE FUNCTION bourse.schedule_check(spec text, calendar text, time_zone text) RETURNS timestamptz
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    coming timestamptz;
BEGIN
    IF spec IS NULL OR time_zone IS NULL THEN
        RAISE EXCEPTION '% must not be NULL', CASE WHEN spec IS NULL THEN 'spec' ELSE 'time_zone' END USING ERRCODE = '22023';
    END IF;
    PERFORM bourse.read_schedule_spec(spec), bourse.check_time_zone(time_zone), bourse.require_calendar(calendar);
    coming := bourse.schedule_next(spec, calendar, time_zone, clock_timestamp());
    IF coming IS NULL THEN
        RAISE EXCEPTION '%', bourse.schedule_why_none(spec, calendar)
            USING ERRCODE = 'MB023', HINT = 'load more sessions (bourse calendars load), or take another event';
    END IF;
    RETURN coming;
END
$$;
COMMENT ON FUNCTION bourse.schedule_check(text, text, text) IS 'the next slot of a spec from now on; the error of whatever is wrong with it';
