-- What workers call. (job, attempt) is the fencing token of every write; only the database clock counts.

CREATE OR REPLACE FUNCTION bourse.job_claim(worker text, kinds text[], slots int, lease interval DEFAULT '60 seconds', offer jsonb DEFAULT NULL)
    RETURNS TABLE(job_id bigint, kind text, args jsonb, attempt int, owner text, timeout_s float8, memory_mb int, resources jsonb)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    picked bigint[] := (bourse.job_pick(kinds, slots, 0, offer, false)).ids;
BEGIN
    IF picked = '{}' THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH claimed AS (
        UPDATE bourse.job AS j
        SET state = 'running', attempt = j.attempt + 1, worker = job_claim.worker, started_at = clock_timestamp(),
            leased_until = clock_timestamp() + job_claim.lease, stage = NULL, progress_ratio = NULL, progress_note = NULL
        FROM unnest(picked) AS p(job_id) WHERE j.job_id = p.job_id
        RETURNING j.*
    )
    SELECT c.job_id, c.kind, c.args, c.attempt, c.owner, extract(epoch FROM c.timeout)::float8,
        coalesce(ceil((c.resources ->> 'memory_mb')::numeric)::int, k.memory_mb, 8192), c.resources
    FROM claimed AS c LEFT JOIN bourse.job_kind AS k ON k.kind = c.kind
    ORDER BY c.priority, c.run_at, c.job_id;
    -- A busy worker needs no bell; one that found nothing goes on sleeping.
    UPDATE bourse.worker AS w SET sleeping = false WHERE w.worker = job_claim.worker AND w.sleeping;
END
$$;
COMMENT ON FUNCTION bourse.job_claim(text, text[], int, interval, jsonb) IS
    'takes up to slots due jobs of these kinds whose resources fit together into the offer {"cpu": …, "memory_mb": …, "gpu": …} (NULL: into anything); each is a new attempt with a lease';

CREATE OR REPLACE FUNCTION bourse.job_end_taken(worker text, ids bigint[], places tid[]) RETURNS SETOF bourse.job_archive
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH gone AS (
        DELETE FROM bourse.job AS j WHERE j.ctid = ANY (places) RETURNING j.*
    )
    INSERT INTO bourse.job_archive AS a (job_id, kind, queue, args, state, priority, attempt, max_attempts, unique_key, unique_while, timeout,
        resources, owner, created_at, run_at, started_at, finished_at, worker, progress_ratio, result, last_error, exit_code, signal, limit_key)
    SELECT g.job_id, g.kind, g.queue, g.args, 'succeeded', g.priority, g.attempt + 1, g.max_attempts, g.unique_key, g.unique_while, g.timeout,
        g.resources, g.owner, g.created_at, g.run_at, greatest(now(), g.created_at), clock_timestamp(), job_end_taken.worker, 1, '{}', g.last_error, g.exit_code, g.signal, g.limit_key
    FROM gone AS g
    RETURNING a.*;
    IF EXISTS (SELECT FROM bourse.job_dependency AS d WHERE d.after_job_id = ANY (ids)) THEN
        PERFORM bourse.job_release_dependents(ids, '{cancel,run,wait}');
    END IF;
    UPDATE bourse.worker AS w SET sleeping = false WHERE w.worker = job_end_taken.worker AND w.sleeping;
END
$$;
COMMENT ON FUNCTION bourse.job_end_taken(text, bigint[], tid[]) IS 'internal: ends jobs well whose rows, at these places, this transaction has locked; returns them as archived';

-- For work that is done between two statements of the worker: no lease, no child. Until commit the jobs are locked, a
-- roll-back or a crash leaves them as they were; so it runs at least once and its effects are there exactly once.
CREATE OR REPLACE FUNCTION bourse.job_take(worker text, kinds text[], jobs int, skip int DEFAULT 0, looked bigint DEFAULT NULL)
    RETURNS TABLE(job_id bigint, kind text, args jsonb, attempt int, owner text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    picked record;
BEGIN
    picked := bourse.job_pick(kinds, jobs, skip, NULL, true, looked);
    IF picked.ids <> '{}' THEN
        RETURN QUERY SELECT a.job_id, a.kind, a.args, a.attempt, a.owner FROM bourse.job_end_taken(job_take.worker, picked.ids, picked.places) AS a;
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.job_take(text, text[], int, int, bigint) IS
    'takes and completes up to so many due jobs of kinds that the worker does by itself, before the commit of this very transaction; roll back to give them back. looked: the first job, 0 for none, that job_take_few has found in this transaction by wading';

-- The usual case of a take, and the one in which somebody waits for the start: few jobs are due and all of them start now,
-- so neither lanes nor their order matter, and what ends them is left to the statement that commits.
CREATE OR REPLACE FUNCTION bourse.job_take_few(kinds text[], jobs int) RETURNS TABLE(job_id bigint, kind text, args jsonb, attempt int, owner text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    pages_before bigint := bourse.job_pages_read();
    waded boolean;
    found bigint;
BEGIN
    RETURN QUERY  -- what is locked in vain others step over
    SELECT j.job_id, j.kind, j.args, j.attempt + 1, j.owner FROM bourse.job AS j
    WHERE j.kind = ANY (kinds) AND j.state = 'waiting' AND j.blocked_by = 0
        AND NOT EXISTS (SELECT FROM bourse.paused_queue AS p WHERE p.queue = j.queue) AND NOT EXISTS (SELECT FROM bourse.job_limit AS m WHERE m.kind = ANY (kinds))
        AND coalesce(current_setting('bourse.take_mark', true), '') = '' AND coalesce(current_setting('bourse.take_backlog', true), '') = ''
    ORDER BY j.kind, j.queue, j.owner, j.limit_key, j.priority, j.run_at, j.job_id LIMIT jobs FOR UPDATE OF j SKIP LOCKED;
    GET DIAGNOSTICS found = ROW_COUNT;
    waded := bourse.job_pages_read() - pages_before > bourse.job_far();
    IF waded OR found NOT BETWEEN 1 AND jobs - 1 THEN
        args := to_jsonb(waded);
        RETURN NEXT;
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.job_take_few(text[], int) IS
    'locks the due jobs of these kinds if they are fewer than so many, to be ended by job_take_done in this transaction. A last row without a job: these may not be all, or have cost much wading, which its args say; call job_take in this transaction instead';

CREATE OR REPLACE FUNCTION bourse.job_take_done(worker text, jobs bigint[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    found record;
BEGIN
    SELECT array_agg(f.job_id) AS ids, array_agg(f.ctid) AS places INTO found FROM (
        SELECT j.job_id, j.ctid FROM bourse.job AS j WHERE j.job_id = ANY (jobs) AND j.state = 'waiting' AND j.blocked_by = 0 FOR UPDATE) AS f;
    IF coalesce(cardinality(found.ids), 0) < cardinality(jobs) THEN
        RAISE EXCEPTION '% of % jobs are no longer waiting', cardinality(jobs) - coalesce(cardinality(found.ids), 0), cardinality(jobs)
            USING ERRCODE = 'MB050', HINT = 'end them in the transaction in which job_take_few has locked them';
    END IF;
    PERFORM FROM bourse.job_end_taken(worker, found.ids, found.places);
END
$$;
COMMENT ON FUNCTION bourse.job_take_done(text, bigint[]) IS 'completes the jobs that job_take_few has locked in this transaction; MB050 when one of them is not waiting any more';

CREATE OR REPLACE FUNCTION bourse.job_refuse_stale(job bigint, attempt int) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    now_is text;
BEGIN
    SELECT format('attempt %s of it is %s%s', j.attempt, j.state, coalesce(' on worker ' || j.worker, '')) INTO now_is
    FROM bourse.job AS j WHERE j.job_id = job_refuse_stale.job;
    IF now_is IS NULL THEN
        SELECT format('it ended as %s with attempt %s', a.state, a.attempt) INTO now_is
        FROM bourse.job_archive AS a WHERE a.job_id = job_refuse_stale.job ORDER BY a.finished_at DESC LIMIT 1;
    END IF;
    RAISE EXCEPTION 'attempt % does not hold job %', attempt, job
        USING ERRCODE = 'MB050', DETAIL = coalesce(now_is, 'there is no such job'), HINT = 'drop the work of this attempt';
END
$$;
COMMENT ON FUNCTION bourse.job_refuse_stale(bigint, int) IS 'internal: raises MB050 and says who holds the job now';

CREATE OR REPLACE FUNCTION bourse.job_complete(job bigint, attempt int, result jsonb DEFAULT '{}') RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    ended bourse.job;
BEGIN
    DELETE FROM bourse.job AS j
    WHERE j.job_id = job_complete.job AND j.attempt = job_complete.attempt AND j.state = 'running'
    RETURNING j.* INTO ended;
    IF NOT FOUND THEN
        PERFORM bourse.job_refuse_stale(job, job_complete.attempt);
    END IF;
    PERFORM bourse.job_finish(ended, 'succeeded', result, NULL);
END
$$;
COMMENT ON FUNCTION bourse.job_complete(bigint, int, jsonb) IS 'ends a job well, in the transaction that holds its effects; MB050 when another attempt holds it';

CREATE OR REPLACE FUNCTION bourse.job_put_back(job bourse.job, run_at timestamptz, extra_attempts int, error text) RETURNS text
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    later boolean := run_at > clock_timestamp();
BEGIN
    BEGIN
        UPDATE bourse.job AS j
        SET state = CASE WHEN later THEN 'scheduled' ELSE 'waiting' END, run_at = job_put_back.run_at, leased_until = NULL, worker = NULL,
            max_attempts = j.max_attempts + extra_attempts, last_error = coalesce(error, j.last_error), exit_code = job.exit_code, signal = job.signal
        WHERE j.job_id = job.job_id;
    EXCEPTION WHEN unique_violation THEN  -- a newer job waits with its key: this one goes on without
        UPDATE bourse.job AS j
        SET state = CASE WHEN later THEN 'scheduled' ELSE 'waiting' END, run_at = job_put_back.run_at, leased_until = NULL, worker = NULL,
            max_attempts = j.max_attempts + extra_attempts, last_error = coalesce(error, j.last_error), exit_code = job.exit_code, signal = job.signal, unique_key = NULL
        WHERE j.job_id = job.job_id;
    END;
    IF later THEN
        RETURN 'scheduled';
    END IF;
    PERFORM bourse.ring();
    RETURN 'waiting';
END
$$;
COMMENT ON FUNCTION bourse.job_put_back(bourse.job, timestamptz, int, text) IS 'internal: a running job waits again; returns its new state';

CREATE OR REPLACE FUNCTION bourse.job_end_attempt(job bourse.job, error text, retryable boolean, exit_code int DEFAULT NULL, signal int DEFAULT NULL) RETURNS text
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    ending text := CASE WHEN job.cancel_requested_at IS NOT NULL THEN 'cancelled'
                        WHEN NOT retryable THEN 'failed'
                        WHEN job.attempt >= job.max_attempts THEN 'dead' END;
    delay_s float8;
BEGIN
    job.exit_code := job_end_attempt.exit_code;
    job.signal := job_end_attempt.signal;
    IF ending IS NOT NULL THEN
        DELETE FROM bourse.job AS j WHERE j.job_id = job.job_id;
        PERFORM bourse.job_finish(job, ending, NULL,
            CASE WHEN ending = 'cancelled' THEN coalesce(job.cancel_reason, 'cancelled') ELSE job_end_attempt.error END);
        RETURN ending;
    END IF;
    -- Doubles from the base to the cap; the jitter either way keeps failures of one cause apart.
    SELECT least(k.backoff_cap_s, k.backoff_base_s * 2 ^ least(job.attempt - 1, 30)) * (1 + k.backoff_jitter_ratio * (2 * random() - 1))
    INTO delay_s FROM bourse.job_kind AS k WHERE k.kind = job.kind;
    delay_s := coalesce(delay_s, least(600, 2 * 2 ^ least(job.attempt - 1, 30)) * (0.75 + 0.5 * random()));
    RETURN bourse.job_put_back(job, clock_timestamp() + make_interval(secs => delay_s), 0, error);
END
$$;
COMMENT ON FUNCTION bourse.job_end_attempt(bourse.job, text, boolean, int, int) IS 'internal: what follows an attempt that did not succeed: cancelled, failed, dead, or another try after a back-off';

CREATE OR REPLACE FUNCTION bourse.job_fail(job bigint, attempt int, error text, retryable boolean DEFAULT true, exit_code int DEFAULT NULL,
    signal int DEFAULT NULL) RETURNS text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    held bourse.job;
BEGIN
    SELECT j.* INTO held FROM bourse.job AS j
    WHERE j.job_id = job_fail.job AND j.attempt = job_fail.attempt AND j.state = 'running' FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM bourse.job_refuse_stale(job, job_fail.attempt);
    END IF;
    RETURN bourse.job_end_attempt(held, left(error, 10000), retryable, exit_code, signal);
END
$$;
COMMENT ON FUNCTION bourse.job_fail(bigint, int, text, boolean, int, int) IS 'ends an attempt badly, with the exit code or signal of its child: scheduled again, or failed (not retryable), dead (tries used up), cancelled (was asked for); MB050 when stale';

CREATE OR REPLACE FUNCTION bourse.job_release(job bigint, attempt int, reason text) RETURNS text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    held bourse.job;
BEGIN
    SELECT j.* INTO held FROM bourse.job AS j
    WHERE j.job_id = job_release.job AND j.attempt = job_release.attempt AND j.state = 'running' FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM bourse.job_refuse_stale(job, job_release.attempt);
    END IF;
    IF held.cancel_requested_at IS NOT NULL THEN
        RETURN bourse.job_end_attempt(held, reason, true);
    END IF;
    RETURN bourse.job_put_back(held, clock_timestamp(), 1, reason);
END
$$;
COMMENT ON FUNCTION bourse.job_release(bigint, int, text) IS 'gives a job back at once, for a worker that stops: the attempt does not count as a try';

CREATE OR REPLACE FUNCTION bourse.job_rescue() RETURNS int
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    held bourse.job;
    rescued int := 0;
BEGIN
    -- Locking re-reads each row: one that was completed or extended meanwhile is left alone.
    FOR held IN
        SELECT j.* FROM bourse.job AS j WHERE j.state = 'running' AND j.leased_until < now()
        ORDER BY j.leased_until LIMIT 100 FOR UPDATE SKIP LOCKED
    LOOP
        PERFORM bourse.job_end_attempt(held, format('attempt %s was lost: worker %s let its lease run out', held.attempt, held.worker), true);
        rescued := rescued + 1;
    END LOOP;
    RETURN rescued;
END
$$;
COMMENT ON FUNCTION bourse.job_rescue() IS 'ends attempts whose lease has run out, as failures that may be tried again; returns how many';

CREATE OR REPLACE FUNCTION bourse.job_tick() RETURNS float8
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    PERFORM bourse.job_rescue(), bourse.schedule_tick();
    UPDATE bourse.job AS j SET state = 'waiting'
    FROM (SELECT s.job_id FROM bourse.job AS s WHERE s.state = 'scheduled' AND s.run_at <= now()
          ORDER BY s.run_at LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED) AS due
    WHERE j.job_id = due.job_id;
    RETURN least((SELECT extract(epoch FROM min(j.run_at) - clock_timestamp()) FROM bourse.job AS j WHERE j.state = 'scheduled'), bourse.schedule_due_s(),
        bourse.job_limit_opens_s());
END
$$;
COMMENT ON FUNCTION bourse.job_tick() IS 'rescues lost attempts, makes scheduled jobs due and the jobs of schedules; returns seconds until the next of them or until a rate limit opens, or NULL';

CREATE OR REPLACE FUNCTION bourse.job_progress(job bigint, attempt int, stage text, progress_ratio float8, note text DEFAULT NULL,
    progress_values jsonb DEFAULT '{}') RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    ratio float8 := CASE WHEN progress_ratio = 'NaN' THEN 0 ELSE least(greatest(progress_ratio, 0), 1) END;
    began timestamptz;
BEGIN
    UPDATE bourse.job AS j
    SET stage = job_progress.stage, progress_ratio = ratio, progress_note = job_progress.note, progress_at = clock_timestamp()
    WHERE j.job_id = job_progress.job AND j.attempt = job_progress.attempt AND j.state = 'running'
    RETURNING j.started_at INTO began;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF EXISTS (SELECT FROM bourse.run AS r WHERE r.run_id = job_progress.job) THEN
        INSERT INTO bourse.run_progress AS p (run_id, attempt, stage, progress_ratio, round, rounds, train_metric, valid_metric, note, eta_at, updated_at)
        VALUES (job, job_progress.attempt, job_progress.stage, ratio, (progress_values ->> 'round')::int, (progress_values ->> 'rounds')::int,
            (progress_values ->> 'train_metric')::float8, (progress_values ->> 'valid_metric')::float8, note,
            CASE WHEN progress_values ? 'eta_s' THEN clock_timestamp() + make_interval(secs => (progress_values ->> 'eta_s')::float8)
                 WHEN ratio > 0.02 THEN clock_timestamp() + (clock_timestamp() - began) * ((1 - ratio) / ratio) END,
            clock_timestamp())
        ON CONFLICT (run_id) DO UPDATE
        SET attempt = excluded.attempt, stage = excluded.stage, progress_ratio = excluded.progress_ratio,
            round = coalesce(excluded.round, p.round), rounds = coalesce(excluded.rounds, p.rounds),
            train_metric = coalesce(excluded.train_metric, p.train_metric), valid_metric = coalesce(excluded.valid_metric, p.valid_metric),
            note = excluded.note, eta_at = excluded.eta_at, updated_at = excluded.updated_at;
    END IF;
    RETURN true;
END
$$;
COMMENT ON FUNCTION bourse.job_progress(bigint, int, text, float8, text, jsonb) IS
    'where a running attempt is; of a run also round, rounds, train_metric, valid_metric, eta_s; false when the attempt does not hold the job';
