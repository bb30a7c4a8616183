-- How a job ends: its row moves to the archive, and those that wait for it are released or cancelled.
-- Internal: called with a row that the same transaction has just deleted from bourse.job.

CREATE OR REPLACE FUNCTION bourse.job_to_archive(job bourse.job, state text, result jsonb, error text) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO bourse.job_archive (job_id, kind, queue, args, state, priority, attempt, max_attempts, unique_key, unique_while, timeout,
        resources, owner, created_at, run_at, started_at, finished_at, worker, stage, progress_ratio, progress_note, result, last_error)
    VALUES (job.job_id, job.kind, job.queue, job.args, job_to_archive.state, job.priority, job.attempt, job.max_attempts, job.unique_key,
        job.unique_while, job.timeout, job.resources, job.owner, job.created_at, job.run_at, job.started_at, clock_timestamp(), job.worker,
        job.stage, CASE WHEN job_to_archive.state = 'succeeded' THEN 1 ELSE job.progress_ratio END, job.progress_note,
        job_to_archive.result, coalesce(error, job.last_error));
    IF to_regprocedure('bourse.run_job_finished(bigint,text,text)') IS NOT NULL THEN
        EXECUTE 'SELECT bourse.run_job_finished($1, $2, $3)' USING job.job_id, job_to_archive.state, error;
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.job_to_archive(bourse.job, text, jsonb, text) IS 'internal: records a finished job and tells its run, if it is one''s';

CREATE OR REPLACE FUNCTION bourse.job_release_dependents(job bigint) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    released bigint[];
BEGIN
    -- Locked in order of id: two jobs with the same dependents may end at once.
    PERFORM FROM bourse.job AS j
    WHERE j.job_id IN (SELECT d.job_id FROM bourse.job_dependency AS d WHERE d.after_job_id = job_release_dependents.job)
    ORDER BY j.job_id FOR UPDATE;
    WITH gone AS (
        DELETE FROM bourse.job_dependency AS d WHERE d.after_job_id = job_release_dependents.job RETURNING d.job_id
    ), freed AS (
        UPDATE bourse.job AS j SET blocked_by = j.blocked_by - 1 FROM gone WHERE j.job_id = gone.job_id RETURNING j.job_id, j.blocked_by
    )
    SELECT array_agg(job_id) FILTER (WHERE blocked_by = 0) INTO released FROM freed;
    IF released IS NOT NULL THEN
        PERFORM bourse.ring();
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.job_release_dependents(bigint) IS 'internal: the job has succeeded, what waited for it alone may start';

CREATE OR REPLACE FUNCTION bourse.job_cancel_dependents(job bigint, state text) RETURNS void
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
        PERFORM FROM bourse.job AS j  -- in order of id, as job_release_dependents does
        WHERE j.job_id IN (SELECT d.job_id FROM bourse.job_dependency AS d WHERE d.after_job_id = ANY (ended))
        ORDER BY j.job_id FOR UPDATE;
        FOR child IN
            DELETE FROM bourse.job AS j
            WHERE j.job_id IN (SELECT d.job_id FROM bourse.job_dependency AS d WHERE d.after_job_id = ANY (ended))
            RETURNING j.*
        LOOP
            next_ended := next_ended || child.job_id;
            PERFORM bourse.job_to_archive(child, 'cancelled', NULL,
                format('job %s, which it was to follow, ended as %s', job_cancel_dependents.job, job_cancel_dependents.state));
        END LOOP;
        DELETE FROM bourse.job_dependency AS d WHERE d.after_job_id = ANY (ended) OR d.job_id = ANY (next_ended);
        EXIT WHEN next_ended = '{}';
        ended := next_ended;
    END LOOP;
END
$$;
COMMENT ON FUNCTION bourse.job_cancel_dependents(bigint, text) IS 'internal: the job did not succeed, what was to follow it, however far, is cancelled';

CREATE OR REPLACE FUNCTION bourse.job_finish(job bourse.job, state text, result jsonb, error text) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM bourse.job_to_archive(job, state, result, error);
    DELETE FROM bourse.job_dependency AS d WHERE d.job_id = job.job_id;
    IF state = 'succeeded' THEN
        PERFORM bourse.job_release_dependents(job.job_id);
    ELSE
        PERFORM bourse.job_cancel_dependents(job.job_id, state);
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.job_finish(bourse.job, text, jsonb, text) IS 'internal: archive, then dependents; the caller has deleted the row';
