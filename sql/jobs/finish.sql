-- How a job ends: its row moves to the archive, and those that wait for it are released, cancelled or left waiting.
-- Internal: called with a row that the same transaction has just deleted from bourse.job.

CREATE OR REPLACE FUNCTION bourse.job_to_archive(job bourse.job, state text, result jsonb, error text, because_of bigint DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    after_job_ids bigint[];
    after_failure text;
BEGIN
    IF job.blocked_by > 0 THEN  -- kept for a retry
        WITH gone AS (DELETE FROM bourse.job_dependency AS d WHERE d.job_id = job.job_id RETURNING d.*)
        SELECT array_agg(g.after_job_id ORDER BY g.after_job_id), min(g.after_failure) INTO after_job_ids, after_failure FROM gone AS g;
    END IF;
    INSERT INTO bourse.job_archive (job_id, kind, queue, args, state, priority, attempt, max_attempts, unique_key, unique_while, timeout,
        resources, owner, created_at, run_at, started_at, finished_at, worker, stage, progress_ratio, progress_note, result, last_error,
        exit_code, signal, after_job_ids, after_failure, cancelled_by_job, limit_key)
    VALUES (job.job_id, job.kind, job.queue, job.args, job_to_archive.state, job.priority, job.attempt, job.max_attempts, job.unique_key,
        job.unique_while, job.timeout, job.resources, job.owner, job.created_at, job.run_at, job.started_at, clock_timestamp(), job.worker,
        job.stage, CASE WHEN job_to_archive.state = 'succeeded' THEN 1 ELSE job.progress_ratio END, job.progress_note,
        job_to_archive.result, coalesce(error, job.last_error), job.exit_code, job.signal, after_job_ids, after_failure, because_of, job.limit_key);
    IF job.kind = 'import_model' THEN
        PERFORM bourse.import_finished(job.job_id, job.args, job.owner, job_to_archive.state, job_to_archive.result, coalesce(error, job.last_error));
    END IF;
    IF to_regprocedure('bourse.run_job_finished(bigint,text,text)') IS NOT NULL THEN
        EXECUTE 'SELECT bourse.run_job_finished($1, $2, $3)' USING job.job_id, job_to_archive.state, error;
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.job_to_archive(bourse.job, text, jsonb, text, bigint) IS
    'internal: records a finished job (because_of: the job whose end cancelled it) and tells its run, if it is one''s';

CREATE OR REPLACE FUNCTION bourse.job_finish(job bourse.job, state text, result jsonb, error text) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM bourse.job_to_archive(job, state, result, error);
    IF state = 'succeeded' THEN
        PERFORM bourse.job_release_dependents(ARRAY[job.job_id], '{cancel,run,wait}');
    ELSE
        PERFORM bourse.job_end_dependents(job.job_id, state);
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.job_finish(bourse.job, text, jsonb, text) IS 'internal: archive, then dependents; the caller has deleted the row';
