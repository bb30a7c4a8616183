-- What people do to jobs and queues.

CREATE OR REPLACE FUNCTION bourse.job_require_owner(job bigint, owner text, verb text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT bourse.may_act_for(owner) THEN
        RAISE EXCEPTION 'role "%" may not % job % of "%"', bourse.caller(), verb, job, owner
            USING ERRCODE = '42501', HINT = 'its owner may, and members of bourse_operator';
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.job_require_owner(bigint, text, text) IS 'internal: raises 42501 unless the caller may act for the owner';

CREATE OR REPLACE FUNCTION bourse.job_lock(job bigint, verb text) RETURNS bourse.job
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    live bourse.job;
    ended text;
BEGIN
    SELECT j.* INTO live FROM bourse.job AS j WHERE j.job_id = job_lock.job FOR UPDATE;
    IF NOT FOUND THEN
        SELECT a.state INTO ended FROM bourse.job_archive AS a WHERE a.job_id = job_lock.job ORDER BY a.finished_at DESC LIMIT 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no job %', coalesce(job::text, 'NULL') USING ERRCODE = 'MB052', HINT = 'SELECT * FROM bourse_bi.job lists them';
        END IF;
        RAISE EXCEPTION 'job % has ended: it is %', job, ended USING ERRCODE = '22023', HINT = format('SELECT * FROM bourse_bi.job WHERE job_id = %s', job);
    END IF;
    PERFORM bourse.job_require_owner(job, live.owner, verb);
    RETURN live;
END
$$;
COMMENT ON FUNCTION bourse.job_lock(bigint, text) IS 'internal: an unfinished job that the caller may act on, locked; else an error';

CREATE OR REPLACE FUNCTION bourse.cancel(job bigint, reason text DEFAULT NULL) RETURNS text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    found_job bourse.job;
    ended bourse.job_archive;
    why text := coalesce(reason, 'cancelled by ' || bourse.caller());
BEGIN
    SELECT j.* INTO found_job FROM bourse.job AS j WHERE j.job_id = cancel.job FOR UPDATE;
    IF NOT FOUND THEN
        SELECT a.* INTO ended FROM bourse.job_archive AS a WHERE a.job_id = cancel.job ORDER BY a.finished_at DESC LIMIT 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no job %', coalesce(job::text, 'NULL') USING ERRCODE = 'MB052', HINT = 'SELECT * FROM bourse_bi.job lists them';
        END IF;
        RAISE NOTICE 'job % has ended already: %', job, ended.state;
        RETURN ended.state;
    END IF;
    PERFORM bourse.job_require_owner(job, found_job.owner, 'cancel');
    IF found_job.state = 'running' THEN  -- its worker sees this with the next heartbeat, within a second
        UPDATE bourse.job AS j SET cancel_requested_at = coalesce(j.cancel_requested_at, clock_timestamp()), cancel_reason = coalesce(j.cancel_reason, why)
        WHERE j.job_id = cancel.job;
        RETURN 'running';
    END IF;
    DELETE FROM bourse.job AS j WHERE j.job_id = cancel.job;
    PERFORM bourse.job_finish(found_job, 'cancelled', NULL, why);
    RETURN 'cancelled';
END
$$;
COMMENT ON FUNCTION bourse.cancel(bigint, text) IS
    'cancels a job and what was to follow it; returns its state: cancelled, or running when its worker must stop it first. SECURITY DEFINER: checks the owner itself';

CREATE OR REPLACE FUNCTION bourse.retry(job bigint) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    ended bourse.job_archive;
    live bourse.job;
    twin bigint;
    tries int;
BEGIN
    FOR look IN 1..2 LOOP  -- it may move between the two while we wait for its lock
        SELECT a.* INTO ended FROM bourse.job_archive AS a WHERE a.job_id = retry.job ORDER BY a.finished_at DESC LIMIT 1 FOR UPDATE;
        SELECT j.* INTO live FROM bourse.job AS j WHERE j.job_id = retry.job FOR UPDATE;
        EXIT WHEN ended.job_id IS NOT NULL OR live.job_id IS NOT NULL;
    END LOOP;
    IF live.job_id IS NOT NULL THEN
        PERFORM bourse.job_require_owner(job, live.owner, 'retry');
        IF live.state = 'scheduled' THEN
            UPDATE bourse.job AS j SET state = 'waiting', run_at = clock_timestamp() WHERE j.job_id = retry.job;
            PERFORM bourse.ring();
        ELSE
            RAISE NOTICE 'job % is % already', job, live.state;
        END IF;
        RETURN job;
    END IF;
    IF ended.job_id IS NULL THEN
        RAISE EXCEPTION 'there is no job %', coalesce(job::text, 'NULL') USING ERRCODE = 'MB052', HINT = 'SELECT * FROM bourse_bi.job lists them';
    END IF;
    PERFORM bourse.job_require_owner(job, ended.owner, 'retry');
    IF ended.state = 'succeeded' THEN
        RAISE EXCEPTION 'job % has succeeded', job USING ERRCODE = '22023', HINT = 'bourse.enqueue makes a new one';
    END IF;
    IF ended.unique_key IS NOT NULL THEN
        twin := bourse.job_unique_twin(ended.kind, ended.unique_key, ended.unique_while, NULL);
        IF twin IS NOT NULL THEN
            RETURN twin;
        END IF;
    END IF;
    SELECT coalesce(max(k.max_attempts), 5) INTO tries FROM bourse.job_kind AS k WHERE k.kind = ended.kind;
    PERFORM bourse.job_revive(ended, bourse.job_open_dependencies(coalesce(ended.after_job_ids, '{}'), coalesce(ended.after_failure, 'cancel')),
        ended.attempt + tries);
    PERFORM bourse.job_revive_dependents(job);
    RETURN job;
END
$$;
COMMENT ON FUNCTION bourse.retry(bigint) IS
    'runs a failed, dead or cancelled job again with fresh tries, and brings back what its end had cancelled; a scheduled one now; returns the id of the job that will run. SECURITY DEFINER: checks the owner itself';

CREATE OR REPLACE FUNCTION bourse.pause(queue text) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF queue IS NULL OR queue !~ '^[A-Za-z][A-Za-z0-9_.-]{0,62}$' THEN
        RAISE EXCEPTION 'queue % is not a name', coalesce('"' || left(queue, 80) || '"', 'NULL') USING ERRCODE = '22023';
    END IF;
    INSERT INTO bourse.paused_queue (queue, paused_by) VALUES (pause.queue, bourse.caller()) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RAISE NOTICE 'queue "%" is paused already', queue;
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.pause(text) IS 'no worker starts a job of this queue until bourse.resume; running ones go on';

CREATE OR REPLACE FUNCTION bourse.resume(queue text) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    DELETE FROM bourse.paused_queue AS p WHERE p.queue = resume.queue;
    IF NOT FOUND THEN
        RAISE NOTICE 'queue "%" is not paused', queue;
    END IF;
    PERFORM bourse.ring();
END
$$;
COMMENT ON FUNCTION bourse.resume(text) IS 'lets the jobs of a paused queue start again';

CREATE OR REPLACE FUNCTION bourse.pause(job bigint) RETURNS text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    found_job bourse.job := bourse.job_lock(job, 'pause');
BEGIN
    IF found_job.paused_at IS NOT NULL THEN
        RAISE NOTICE 'job % is paused already', job;
    ELSIF found_job.state = 'running' THEN
        RAISE NOTICE 'job % is running: it goes on', job USING HINT = format('SELECT bourse.cancel(%s) stops it', job);
        RETURN 'running';
    ELSE  -- counted with what blocks it: no worker's look for due jobs sees it
        UPDATE bourse.job AS j SET paused_at = clock_timestamp(), paused_by = bourse.caller(), blocked_by = j.blocked_by + 1 WHERE j.job_id = pause.job;
    END IF;
    RETURN 'paused';
END
$$;
COMMENT ON FUNCTION bourse.pause(bigint) IS
    'the job does not start before bourse.resume; returns paused, or running when it has started already. SECURITY DEFINER: checks the owner itself';

CREATE OR REPLACE FUNCTION bourse.resume(job bigint) RETURNS text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    found_job bourse.job := bourse.job_lock(job, 'resume');
BEGIN
    IF found_job.paused_at IS NULL THEN
        RAISE NOTICE 'job % is not paused', job;
    ELSE
        UPDATE bourse.job AS j SET paused_at = NULL, paused_by = NULL, blocked_by = j.blocked_by - 1 WHERE j.job_id = resume.job;
        PERFORM bourse.ring();
    END IF;
    RETURN found_job.state;
END
$$;
COMMENT ON FUNCTION bourse.resume(bigint) IS 'lets a paused job start again when it is due; returns its state. SECURITY DEFINER: checks the owner itself';

CREATE OR REPLACE FUNCTION bourse.retry_dead(kind text DEFAULT NULL, since timestamptz DEFAULT now() - interval '1 day',
    states text[] DEFAULT '{dead}', most int DEFAULT 10000) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    known constant text[] := ARRAY['dead', 'failed'];
    ended record;
    retried bigint := 0;
BEGIN
    IF states IS NULL OR NOT states <@ known THEN
        RAISE EXCEPTION 'states % are not all of dead, failed', coalesce(states::text, 'NULL') USING ERRCODE = '22023';
    END IF;
    IF since IS NULL OR most IS NULL OR most < 1 THEN
        RAISE EXCEPTION 'since must be a time and most a number above zero' USING ERRCODE = '22023';
    END IF;
    FOR ended IN
        SELECT a.job_id FROM bourse.job_archive AS a
        WHERE a.finished_at >= since AND a.state = ANY (states) AND (retry_dead.kind IS NULL OR a.kind = retry_dead.kind)
            AND bourse.may_act_for(a.owner)
        ORDER BY a.job_id LIMIT most FOR UPDATE SKIP LOCKED
    LOOP
        PERFORM bourse.retry(ended.job_id);
        retried := retried + 1;
    END LOOP;
    RETURN retried;
END
$$;
COMMENT ON FUNCTION bourse.retry_dead(text, timestamptz, text[], int) IS
    'bourse.retry of every job (of this kind) that the caller may act for and that ended in one of these states since then; returns how many. SECURITY DEFINER: checks each owner';
