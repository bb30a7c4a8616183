-- What people do to schedules.

CREATE OR REPLACE FUNCTION bourse.find_schedule(name text, verb text) RETURNS bourse.schedule
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found_schedule bourse.schedule;
BEGIN
    SELECT s.* INTO found_schedule FROM bourse.schedule AS s WHERE s.name = find_schedule.name FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no schedule %', coalesce('"' || left(name, 80) || '"', 'NULL')
            USING ERRCODE = 'MB052', HINT = concat('SELECT name FROM bourse_bi.schedule lists them',
                '; did you mean ' || bourse.nearest(name, (SELECT array_agg(s.name ORDER BY s.name) FROM bourse.schedule AS s)) || '?');
    END IF;
    IF NOT bourse.may_act_for(found_schedule.owner) THEN
        RAISE EXCEPTION 'role "%" may not % schedule "%" of "%"', bourse.caller(), verb, name, found_schedule.owner
            USING ERRCODE = '42501', HINT = 'its owner may, and members of bourse_operator';
    END IF;
    RETURN found_schedule;
END
$$;
COMMENT ON FUNCTION bourse.find_schedule(text, text) IS 'internal: a schedule, locked; MB052 when there is none, 42501 when the caller may not act for its owner';

CREATE OR REPLACE FUNCTION bourse.schedule_check_policy(name text, catch_up interval, overlap text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF name IS NULL OR name !~ '^[A-Za-z][A-Za-z0-9_.-]{0,62}$' THEN
        RAISE EXCEPTION 'schedule % is not a name', coalesce('"' || left(name, 80) || '"', 'NULL')
            USING ERRCODE = '22023', HINT = 'a letter, then letters, digits, _ . or -, at most 63 in all';
    END IF;
    IF name ~* '^(open|close|break_start|break_end)(-.*)?$' THEN
        RAISE EXCEPTION 'schedule "%" cannot have a name that is a time', name USING ERRCODE = '22023', HINT = 'name what it does';
    END IF;
    IF catch_up < interval '1 minute' OR catch_up > interval '366 days' THEN
        RAISE EXCEPTION 'catch_up % is outside 1 minute to 366 days', catch_up
            USING ERRCODE = '22023', HINT = 'without it only the latest missed slot of the last day is made up';
    END IF;
    IF overlap IS NULL OR overlap NOT IN ('allow', 'skip') THEN
        RAISE EXCEPTION 'overlap % is neither allow nor skip', coalesce('"' || left(overlap, 80) || '"', 'NULL')
            USING ERRCODE = '22023', HINT = 'skip: a slot makes no job while the one before has not ended';
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.schedule_check_policy(text, interval, text) IS 'internal: refuses arguments of schedule that make no sense';

CREATE OR REPLACE FUNCTION bourse.schedule(name text, spec text, kind text, args jsonb DEFAULT '{}', calendar text DEFAULT '24x7', time_zone text DEFAULT 'UTC',
    catch_up interval DEFAULT NULL, queue text DEFAULT 'default', priority int DEFAULT 100, overlap text DEFAULT 'allow', enabled boolean DEFAULT true,
    max_attempts int DEFAULT NULL, timeout interval DEFAULT NULL, resources jsonb DEFAULT '{}', owner text DEFAULT NULL) RETURNS timestamptz
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    own text := coalesce(owner, bourse.caller());
    coming timestamptz;
    moved boolean;
    before bourse.schedule;
BEGIN
    PERFORM bourse.schedule_check_policy(name, catch_up, overlap);
    PERFORM bourse.job_check_policy(kind, queue, now(), NULL, 'waiting', NULL, max_attempts, timeout, resources, own);
    PERFORM bourse.job_check_args(kind, ARRAY[args]);
    IF priority IS NULL OR enabled IS NULL THEN
        RAISE EXCEPTION '% must not be NULL', CASE WHEN priority IS NULL THEN 'priority' ELSE 'enabled' END USING ERRCODE = '22023';
    END IF;
    coming := bourse.schedule_check(spec, calendar, time_zone);
    LOOP
        INSERT INTO bourse.schedule (name, spec, kind, owner)
        VALUES (schedule.name, schedule.spec, schedule.kind, own) ON CONFLICT ON CONSTRAINT schedule_pkey DO NOTHING;
        PERFORM FROM bourse.schedule AS s WHERE s.name = schedule.name FOR UPDATE;
        EXIT WHEN FOUND;  -- else another session has just ended it
    END LOOP;
    before := bourse.find_schedule(name, 'change');
    -- Waiting for a tick may have taken time. What was due by the old times and has no job yet, gets none.
    moved := (before.spec, before.calendar, before.time_zone) IS DISTINCT FROM (schedule.spec, bourse.to_calendar(calendar), schedule.time_zone)
        OR before.paused_at IS NOT NULL OR before.next_run_at IS NULL;
    IF moved THEN
        coming := bourse.schedule_check(spec, calendar, time_zone);
    END IF;
    UPDATE bourse.schedule AS s
    SET spec = schedule.spec, kind = schedule.kind, args = schedule.args, calendar = bourse.to_calendar(schedule.calendar), time_zone = schedule.time_zone,
        catch_up = schedule.catch_up, queue = schedule.queue, priority = schedule.priority, overlap = schedule.overlap,
        max_attempts = schedule.max_attempts, timeout = schedule.timeout, resources = schedule.resources, owner = own, error = NULL,
        paused_at = CASE WHEN NOT enabled THEN coalesce(s.paused_at, now()) END,
        paused_by = CASE WHEN NOT enabled THEN coalesce(s.paused_by, bourse.caller()) END,
        done_until = CASE WHEN moved THEN greatest(s.done_until, clock_timestamp()) ELSE s.done_until END,
        next_run_at = CASE WHEN moved THEN coming ELSE s.next_run_at END,
        check_at = CASE WHEN enabled THEN CASE WHEN moved THEN coming ELSE s.next_run_at END END
    WHERE s.name = schedule.name
    RETURNING s.next_run_at INTO coming;
    RETURN coming;
END
$$;
COMMENT ON FUNCTION bourse.schedule(text, text, text, jsonb, text, text, interval, text, int, text, boolean, int, interval, jsonb, text) IS
    'makes a job at every slot of a cron expression or of an exchange''s sessions, or changes what the schedule of this name does; returns its next slot. SECURITY DEFINER: checks the owner itself';

CREATE OR REPLACE FUNCTION bourse.unschedule(name text) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM bourse.find_schedule(name, 'remove');
    DELETE FROM bourse.schedule AS s WHERE s.name = unschedule.name;
END
$$;
COMMENT ON FUNCTION bourse.unschedule(text) IS 'ends a schedule; jobs that it has made go on. SECURITY DEFINER: checks the owner itself';

CREATE OR REPLACE FUNCTION bourse.pause_schedule(name text) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF (bourse.find_schedule(name, 'pause')).paused_at IS NOT NULL THEN
        RAISE NOTICE 'schedule "%" is paused already', name;
    END IF;
    UPDATE bourse.schedule AS s SET paused_at = now(), paused_by = bourse.caller(), check_at = NULL
    WHERE s.name = pause_schedule.name AND s.paused_at IS NULL;
END
$$;
COMMENT ON FUNCTION bourse.pause_schedule(text) IS 'no slot makes a job until bourse.resume_schedule. SECURITY DEFINER: checks the owner itself';

CREATE OR REPLACE FUNCTION bourse.resume_schedule(name text) RETURNS timestamptz
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    known bourse.schedule := bourse.find_schedule(name, 'resume');
    coming timestamptz := known.next_run_at;
BEGIN
    IF known.paused_at IS NULL THEN
        RAISE NOTICE 'schedule "%" is not paused', name;
        RETURN coming;
    END IF;
    coming := bourse.schedule_check(known.spec, known.calendar, known.time_zone);
    UPDATE bourse.schedule AS s
    SET paused_at = NULL, paused_by = NULL, error = NULL, done_until = greatest(s.done_until, clock_timestamp()), next_run_at = coming, check_at = coming
    WHERE s.name = resume_schedule.name;
    RETURN coming;
END
$$;
COMMENT ON FUNCTION bourse.resume_schedule(text) IS
    'lets a paused schedule go on with its next slot, which is returned; those of the pause are not made up. SECURITY DEFINER: checks the owner itself';

CREATE OR REPLACE FUNCTION bourse.next_runs(schedule text, n int DEFAULT 5, calendar text DEFAULT NULL, time_zone text DEFAULT NULL, after timestamptz DEFAULT now())
    RETURNS TABLE(run_at timestamptz, local_time timestamp)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    known bourse.schedule;
    zone text;
BEGIN
    IF n IS NULL OR n NOT BETWEEN 1 AND 10000 THEN
        RAISE EXCEPTION 'n % is outside 1 to 10000', coalesce(n::text, 'NULL') USING ERRCODE = '22023';
    END IF;
    IF after IS NULL OR NOT isfinite(after) THEN
        RAISE EXCEPTION 'after % is not a time', coalesce(after::text, 'NULL') USING ERRCODE = '22023';
    END IF;
    SELECT s.* INTO known FROM bourse.schedule AS s WHERE s.name = schedule;
    IF NOT FOUND THEN
        known.spec := schedule;
    END IF;
    zone := coalesce(time_zone, known.time_zone, 'UTC');
    PERFORM bourse.check_time_zone(zone);
    IF known.spec IS NULL THEN
        RAISE EXCEPTION 'schedule must not be NULL' USING ERRCODE = '22023', HINT = 'give a schedule''s name, or a spec such as close+15m';
    END IF;
    RETURN QUERY SELECT s, s AT TIME ZONE zone
        FROM unnest(bourse.schedule_slots(known.spec, coalesce(calendar, known.calendar, '24x7'), zone, after, after + interval '41 years', n)) AS s ORDER BY s;
END
$$;
COMMENT ON FUNCTION bourse.next_runs(text, int, text, text, timestamptz) IS
    'the next n slots of a schedule, given by name, or of a spec; in a schedule''s own calendar and time zone unless others are given; fewer where the sessions end';

CREATE OR REPLACE FUNCTION bourse.calendar_schedules() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE bourse.schedule AS s SET check_at = now()
    WHERE s.paused_at IS NULL AND s.calendar IN (SELECT c.calendar FROM changed AS c);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bourse.calendar_schedules() IS 'has the schedules of changed calendars looked at again. SECURITY DEFINER: nobody else writes schedules';

SELECT bourse.on_any_change('bourse.calendar', 'bourse.calendar_schedules()', 'schedules', 'has its schedules looked at again');
