-- What a job follows. A dependency always points to an older job (ids grow, and after names jobs that exist), so there is no cycle.

CREATE OR REPLACE FUNCTION bourse.job_open_dependencies(after bigint[], after_failure text) RETURNS bigint[]
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    policies constant text[] := ARRAY['cancel', 'run', 'wait'];
    open bigint[];
    held bigint[];
    other bigint;
    ended text;
    missing bigint;
BEGIN
    IF after IS NULL OR array_position(after, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'after must be a list of job ids without NULL' USING ERRCODE = '22023';
    END IF;
    IF after_failure IS NULL OR after_failure <> ALL (policies) THEN
        RAISE EXCEPTION 'after_failure % is none of cancel, run, wait', coalesce('"' || after_failure || '"', 'NULL')
            USING ERRCODE = '22023', HINT = 'when a job of after ends badly: cancel this one, run it all the same, or let it wait for a retry that succeeds';
    END IF;
    FOR look IN 1..3 LOOP  -- a job may move between the two tables while we wait for its lock
        missing := NULL;
        held := '{}';
        -- The lock makes an ending job wait until our dependency is there for it to see (or us, until it has ended).
        SELECT coalesce(array_agg(p.job_id), '{}') INTO open
        FROM (SELECT j.job_id FROM bourse.job AS j WHERE j.job_id = ANY (after) ORDER BY j.job_id FOR KEY SHARE) AS p;
        FOREACH other IN ARRAY after LOOP
            CONTINUE WHEN other = ANY (open) OR other = ANY (held);
            SELECT a.state INTO ended FROM bourse.job_archive AS a WHERE a.job_id = other ORDER BY a.finished_at DESC LIMIT 1;
            IF FOUND AND after_failure = 'wait' AND ended <> 'succeeded' THEN  -- locked against a retry that would not see us
                SELECT a.state INTO ended FROM bourse.job_archive AS a WHERE a.job_id = other ORDER BY a.finished_at DESC LIMIT 1 FOR KEY SHARE;
                held := held || other;
            END IF;
            IF NOT FOUND THEN
                missing := other;
            ELSIF ended <> 'succeeded' AND after_failure = 'cancel' THEN
                RAISE EXCEPTION 'job % ended as %: a job after it would never start', other, ended
                    USING ERRCODE = 'MB051', HINT = format('SELECT bourse.retry(%s) runs it again', other);
            END IF;
        END LOOP;
        EXIT WHEN missing IS NULL;
    END LOOP;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'there is no job %', missing USING ERRCODE = 'MB052', HINT = 'after lists the jobs that must end first';
    END IF;
    RETURN open || held;
END
$$;
COMMENT ON FUNCTION bourse.job_open_dependencies(bigint[], text) IS
    'internal: those of the jobs that hold back what follows them, locked against ending (or, ended badly, against being retried) before the caller commits';

CREATE OR REPLACE FUNCTION bourse.job_release_dependents(jobs bigint[], policies text[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    released boolean;
BEGIN
    -- Locked in order of id: two jobs with the same dependents may end at once.
    PERFORM FROM bourse.job AS j
    WHERE j.job_id IN (SELECT d.job_id FROM bourse.job_dependency AS d WHERE d.after_job_id = ANY (jobs) AND d.after_failure = ANY (policies))
    ORDER BY j.job_id FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    WITH gone AS (
        DELETE FROM bourse.job_dependency AS d WHERE d.after_job_id = ANY (jobs) AND d.after_failure = ANY (policies) RETURNING d.job_id
    ), freed AS (
        UPDATE bourse.job AS j SET blocked_by = j.blocked_by - g.n
        FROM (SELECT gone.job_id, count(*)::int AS n FROM gone GROUP BY gone.job_id) AS g WHERE j.job_id = g.job_id
        RETURNING j.blocked_by
    )
    SELECT bool_or(blocked_by = 0) INTO released FROM freed;
    IF released THEN
        PERFORM bourse.ring();
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.job_release_dependents(bigint[], text[]) IS
    'internal: what follows these jobs under one of these policies need not wait for them any more';

CREATE OR REPLACE FUNCTION bourse.job_end_dependents(job bigint, state text) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    ended bigint[] := ARRAY[job];
    next_ended bigint[];
    child bourse.job;
BEGIN
    LOOP  -- level by level: chains may be deeper than the stack
        next_ended := '{}';
        PERFORM bourse.job_release_dependents(ended, '{run}');
        PERFORM FROM bourse.job AS j  -- in order of id, as job_release_dependents does
        WHERE j.job_id IN (SELECT d.job_id FROM bourse.job_dependency AS d WHERE d.after_job_id = ANY (ended) AND d.after_failure = 'cancel')
        ORDER BY j.job_id FOR UPDATE;
        FOR child IN
            DELETE FROM bourse.job AS j
            WHERE j.job_id IN (SELECT d.job_id FROM bourse.job_dependency AS d WHERE d.after_job_id = ANY (ended) AND d.after_failure = 'cancel')
            RETURNING j.*
        LOOP
            next_ended := next_ended || child.job_id;
            PERFORM bourse.job_to_archive(child, 'cancelled', NULL,
                format('job %s, which it was to follow, ended as %s', job_end_dependents.job, job_end_dependents.state), job_end_dependents.job);
        END LOOP;
        EXIT WHEN next_ended = '{}';
        ended := next_ended;
    END LOOP;
END
$$;
COMMENT ON FUNCTION bourse.job_end_dependents(bigint, text) IS
    'internal: the job did not succeed; what was to follow it, however far, is cancelled, started or left waiting, as its after_failure says';

CREATE OR REPLACE FUNCTION bourse.job_revive(ended bourse.job_archive, unmet bigint[], max_attempts int) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    DELETE FROM bourse.job_archive AS a WHERE a.job_id = ended.job_id AND a.finished_at = ended.finished_at;
    -- Attempts go on counting: the token of an old attempt never fits a new one.
    INSERT INTO bourse.job (job_id, kind, queue, args, state, priority, attempt, max_attempts, blocked_by, unique_key, unique_while, timeout,
        resources, owner, created_at, run_at, last_error, exit_code, signal, limit_key)
    VALUES (ended.job_id, ended.kind, ended.queue, ended.args, 'waiting', ended.priority, ended.attempt, job_revive.max_attempts,
        cardinality(unmet), ended.unique_key, ended.unique_while, ended.timeout, ended.resources, ended.owner, ended.created_at,
        clock_timestamp(), CASE WHEN ended.cancelled_by_job IS NULL THEN ended.last_error END, ended.exit_code, ended.signal, ended.limit_key);
    INSERT INTO bourse.job_dependency (job_id, after_job_id, after_failure)
    SELECT ended.job_id, u, ended.after_failure FROM unnest(unmet) AS u;
    IF unmet = '{}' THEN
        PERFORM bourse.ring();
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.job_revive(bourse.job_archive, bigint[], int) IS 'internal: an ended job waits again, for those of unmet first';

CREATE OR REPLACE FUNCTION bourse.job_revive_dependents(job bigint) RETURNS int
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    cancelled bourse.job_archive;
    fault bigint;
    revived int := 0;
BEGIN
    -- In order of id: what they follow is older, so it is back before them.
    FOR cancelled IN
        SELECT a.* FROM bourse.job_archive AS a WHERE a.cancelled_by_job = job_revive_dependents.job ORDER BY a.job_id FOR UPDATE
    LOOP
        PERFORM FROM bourse.job AS j WHERE j.job_id = ANY (cancelled.after_job_ids) ORDER BY j.job_id FOR KEY SHARE;  -- let none end now
        SELECT coalesce(a.cancelled_by_job, a.job_id) INTO fault FROM bourse.job_archive AS a
        WHERE a.job_id = ANY (cancelled.after_job_ids) AND a.state <> 'succeeded' ORDER BY a.job_id LIMIT 1;
        IF FOUND THEN  -- another one of them has ended badly too: its retry brings this one back
            UPDATE bourse.job_archive AS a SET cancelled_by_job = fault WHERE a.job_id = cancelled.job_id AND a.finished_at = cancelled.finished_at;
            CONTINUE;
        END IF;
        IF bourse.job_unique_twin(cancelled.kind, cancelled.unique_key, cancelled.unique_while, NULL) IS NOT NULL THEN
            cancelled.unique_key := NULL;  -- a newer job waits with its key: this one goes on without
        END IF;
        PERFORM bourse.job_revive(cancelled, bourse.job_open_dependencies(cancelled.after_job_ids, cancelled.after_failure), cancelled.max_attempts);
        revived := revived + 1;
    END LOOP;
    RETURN revived;
END
$$;
COMMENT ON FUNCTION bourse.job_revive_dependents(bigint) IS 'internal: the job runs again, so what its end had cancelled waits for it again; returns how many';
