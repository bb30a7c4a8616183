-- Why a job does not run yet.

CREATE OR REPLACE FUNCTION bourse.why_waiting(job bigint) RETURNS TABLE(reason text, detail text)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    asked bourse.job;
    ended bourse.job_archive;
    ahead bigint;
    alive int;
    slots bigint;
    busy bigint;
BEGIN
    SELECT j.* INTO asked FROM bourse.job AS j WHERE j.job_id = why_waiting.job;
    IF NOT FOUND THEN
        SELECT a.* INTO ended FROM bourse.job_archive AS a WHERE a.job_id = why_waiting.job ORDER BY a.finished_at DESC LIMIT 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no job %', coalesce(job::text, 'NULL') USING ERRCODE = 'MB052', HINT = 'SELECT * FROM bourse_bi.job lists them';
        END IF;
        RETURN QUERY SELECT ended.state, format('it ended at %s%s', ended.finished_at, coalesce(': ' || nullif(ended.last_error, ''), ''));
        RETURN;
    END IF;
    IF asked.state = 'running' THEN
        RETURN QUERY SELECT 'running'::text, format('attempt %s on worker %s since %s%s', asked.attempt, asked.worker, asked.started_at,
            CASE WHEN asked.cancel_requested_at IS NOT NULL THEN ', about to be cancelled' ELSE '' END);
        RETURN;
    END IF;
    IF asked.state = 'scheduled' THEN
        RETURN QUERY SELECT 'scheduled'::text, format('not before %s%s', asked.run_at,
            CASE WHEN asked.attempt > 0 THEN format(': attempt %s of %s failed: %s', asked.attempt, asked.max_attempts, asked.last_error) ELSE '' END);
    END IF;
    RETURN QUERY SELECT 'dependency'::text, format('job %s (%s) is %s', d.after_job_id, p.kind, p.state)
        FROM bourse.job_dependency AS d JOIN bourse.job AS p ON p.job_id = d.after_job_id WHERE d.job_id = why_waiting.job ORDER BY d.after_job_id;
    RETURN QUERY SELECT 'paused'::text, format('queue "%s" was paused by %s at %s', p.queue, p.paused_by, p.paused_at)
        FROM bourse.paused_queue AS p WHERE p.queue = asked.queue;
    SELECT count(*), sum(w.slots), sum(w.running) INTO alive, slots, busy FROM bourse.worker AS w
    WHERE w.stopped_at IS NULL AND w.heartbeat_at > now() - interval '1 minute' AND asked.kind = ANY (w.kinds);
    IF alive = 0 THEN
        RETURN QUERY SELECT 'no worker'::text, format('no live worker takes kind "%s": start one with bourse worker', asked.kind);
    ELSIF asked.state = 'waiting' AND asked.blocked_by = 0 THEN
        SELECT count(*) INTO ahead FROM bourse.job AS j
        WHERE j.state = 'waiting' AND j.blocked_by = 0 AND (j.priority, j.run_at, j.job_id) < (asked.priority, asked.run_at, asked.job_id);
        RETURN QUERY SELECT 'position'::text, format('%s jobs are before it; %s of %s slots that take its kind are busy', ahead, busy, slots);
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.why_waiting(bigint) IS
    'one row per reason: scheduled, dependency, paused, no worker, position; running or how it ended when it does not wait';
