-- What every worker's tick does with schedules: one job a slot, whoever comes first. Only the database's clock counts.

-- The slots after done_until and up to now that are to become jobs, and how many are not.
CREATE OR REPLACE FUNCTION bourse.schedule_due(s bourse.schedule, at timestamptz, OUT slots timestamptz[], OUT skipped bigint, OUT reached timestamptz)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    too_old timestamptz := at - coalesce(s.catch_up, interval '1 day');
    most int := CASE WHEN s.catch_up IS NULL THEN 3000 ELSE 100 END;  -- 3000: no day has as many minutes
BEGIN
    skipped := 0;
    IF s.done_until < too_old THEN
        skipped := cardinality(bourse.schedule_slots(s.spec, s.calendar, s.time_zone, s.done_until, too_old, 1000000));
    END IF;
    slots := bourse.schedule_slots(s.spec, s.calendar, s.time_zone, greatest(s.done_until, too_old), at, most);
    reached := at;
    IF s.catch_up IS NULL AND cardinality(slots) > 1 THEN
        skipped := skipped + cardinality(slots) - 1;
        slots := slots[cardinality(slots):];
    ELSIF cardinality(slots) = most THEN
        reached := slots[most];  -- the rest with the next tick
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.schedule_due(bourse.schedule, timestamptz) IS
    'internal: slots to make jobs of now: all within catch_up, without it the latest of the last day; how many are skipped; up to when slots are settled by that';

CREATE OR REPLACE FUNCTION bourse.schedule_make_jobs(s bourse.schedule, at timestamptz) RETURNS int
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    due record;
    slot timestamptz;
    last_slot timestamptz;
    last_job bigint := s.last_job_id;
    coming timestamptz;
    made int := 0;
BEGIN
    SELECT d.* INTO due FROM bourse.schedule_due(s, at) AS d;
    IF cardinality(due.slots) > 0 THEN
        PERFORM bourse.job_check_args(s.kind, ARRAY[s.args]);
        IF NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = s.owner) THEN
            RAISE EXCEPTION 'its owner, role "%", does not exist any more', s.owner USING ERRCODE = '42704';
        END IF;
    END IF;
    FOREACH slot IN ARRAY due.slots LOOP
        IF s.overlap = 'skip' AND EXISTS (SELECT FROM bourse.job AS j WHERE j.job_id = last_job) THEN
            due.skipped := due.skipped + 1;
            CONTINUE;
        END IF;
        last_job := (bourse.job_write(kind => s.kind, args => ARRAY[s.args], queue => s.queue, priority => s.priority, run_at => slot,
            unique_key => bourse.slot_key(s.name, slot), unique_while => 'running', unique_period => NULL, after => '{}',
            max_attempts => s.max_attempts, timeout => s.timeout, resources => s.resources, owner => s.owner))[1];
        last_slot := slot;
        made := made + 1;
    END LOOP;
    coming := bourse.schedule_next(s.spec, s.calendar, s.time_zone, greatest(s.done_until, due.reached));
    UPDATE bourse.schedule AS t
    SET done_until = greatest(t.done_until, due.reached), next_run_at = coming,
        check_at = CASE WHEN due.reached < at THEN at ELSE coalesce(coming, at + interval '1 hour') END,
        last_slot_at = coalesce(last_slot, t.last_slot_at), last_job_id = last_job, jobs_made = t.jobs_made + made,
        slots_skipped = t.slots_skipped + due.skipped, error = CASE WHEN coming IS NULL THEN bourse.schedule_why_none(s.spec, s.calendar) END
    WHERE t.name = s.name;
    RETURN made;
END
$$;
COMMENT ON FUNCTION bourse.schedule_make_jobs(bourse.schedule, timestamptz) IS 'internal: makes the jobs of a locked schedule''s due slots and moves done_until in the same transaction';

CREATE OR REPLACE FUNCTION bourse.slot_key(schedule text, slot timestamptz) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT schedule || '@' || to_char(slot AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
END;
COMMENT ON FUNCTION bourse.slot_key(text, timestamptz) IS 'unique_key of the job of a schedule''s slot: nightly@2026-11-21T02:30:00Z';

CREATE OR REPLACE FUNCTION bourse.schedule_tick() RETURNS int
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    due bourse.schedule;
    made int := 0;
    at timestamptz;
    why text;
    hint text;
BEGIN
    -- Locking re-reads each row: one that another tick has just settled is left alone.
    FOR due IN SELECT s.* FROM bourse.schedule AS s WHERE s.check_at <= now() ORDER BY s.check_at, s.name LIMIT 100 FOR UPDATE SKIP LOCKED LOOP
        at := clock_timestamp();
        BEGIN
            made := made + bourse.schedule_make_jobs(due, at);
        EXCEPTION WHEN OTHERS THEN  -- its slots stay due while they are within the catch-up window
            GET STACKED DIAGNOSTICS why = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
            UPDATE bourse.schedule AS s SET error = left(concat(why, '; hint: ' || nullif(hint, '')), 2000), check_at = at + interval '1 minute'
            WHERE s.name = due.name;
        END;
    END LOOP;
    RETURN made;
END
$$;
COMMENT ON FUNCTION bourse.schedule_tick() IS 'makes the jobs of all slots that are due, one a slot; returns how many. SECURITY DEFINER: part of every worker''s tick';

CREATE OR REPLACE FUNCTION bourse.schedule_due_s() RETURNS float8
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT extract(epoch FROM min(s.check_at) - clock_timestamp())::float8 FROM bourse.schedule AS s;
END;
COMMENT ON FUNCTION bourse.schedule_due_s() IS 'seconds until a schedule is to be looked at, NULL when none is';
