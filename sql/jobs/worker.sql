-- The register of workers and their heartbeats.

CREATE OR REPLACE FUNCTION bourse.worker_register(worker text, host text, pid int, version text, kinds text[], slots int,
    offers jsonb DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    DELETE FROM bourse.worker AS w WHERE w.heartbeat_at < now() - interval '7 days';
    INSERT INTO bourse.worker (worker, host, pid, version, kinds, slots, offers)
    VALUES (worker_register.worker, worker_register.host, worker_register.pid, worker_register.version, worker_register.kinds, worker_register.slots,
        worker_register.offers)
    ON CONFLICT ON CONSTRAINT worker_pkey DO UPDATE
    SET kinds = excluded.kinds, slots = excluded.slots, offers = excluded.offers, version = excluded.version, sleeping = false, heartbeat_at = now(), stopped_at = NULL;
END
$$;
COMMENT ON FUNCTION bourse.worker_register(text, text, int, text, text[], int, jsonb) IS 'a worker has started, or come back after a lost connection';

CREATE OR REPLACE FUNCTION bourse.worker_sleep(worker text) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);  -- after a crash of the server the worker registers anew
    UPDATE bourse.worker AS w SET sleeping = true, asleep_at = clock_timestamp()
    WHERE w.worker = worker_sleep.worker AND NOT w.sleeping AND w.stopped_at IS NULL;
END
$$;
COMMENT ON FUNCTION bourse.worker_sleep(text) IS 'the worker is about to wait for the bell; it must look for jobs once more after this has committed';

CREATE OR REPLACE FUNCTION bourse.worker_stop(worker text) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    UPDATE bourse.worker AS w SET sleeping = false, running = 0, stopped_at = now() WHERE w.worker = worker_stop.worker;
END;
COMMENT ON FUNCTION bourse.worker_stop(text) IS 'the worker ends in an orderly way';

CREATE OR REPLACE FUNCTION bourse.job_heartbeat(worker text, jobs bigint[], attempts int[], lease interval)
    RETURNS TABLE(job_id bigint, attempt int, action text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    UPDATE bourse.worker AS w SET heartbeat_at = clock_timestamp(), running = cardinality(jobs) WHERE w.worker = job_heartbeat.worker;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no worker "%"', worker USING ERRCODE = 'MB052', HINT = 'bourse.worker_register comes first';
    END IF;
    -- Skips rows that are being completed: waiting for one must not let the other leases run out.
    -- A worker whose heartbeat lives but whose main loop hangs kills nothing: past its timeout, the longest grace period
    -- (ten minutes) and one more, an attempt's lease ends, however alive its worker seems.
    UPDATE bourse.job AS j SET leased_until = least(clock_timestamp() + job_heartbeat.lease, j.started_at + j.timeout + interval '11 minutes')
    FROM (SELECT k.job_id FROM bourse.job AS k JOIN unnest(jobs, attempts) AS h(job_id, attempt) ON h.job_id = k.job_id AND h.attempt = k.attempt
          WHERE k.state = 'running' AND k.worker = job_heartbeat.worker AND k.leased_until < clock_timestamp() + job_heartbeat.lease * 0.67
          FOR NO KEY UPDATE OF k SKIP LOCKED) AS held
    WHERE j.job_id = held.job_id;
    RETURN QUERY
    SELECT h.job_id, h.attempt, CASE WHEN j.job_id IS NULL THEN 'lost' ELSE 'cancel' END
    FROM unnest(jobs, attempts) AS h(job_id, attempt)
    LEFT JOIN bourse.job AS j ON j.job_id = h.job_id AND j.attempt = h.attempt AND j.state = 'running'
    WHERE j.job_id IS NULL OR j.cancel_requested_at IS NOT NULL;
END
$$;
COMMENT ON FUNCTION bourse.job_heartbeat(text, bigint[], int[], interval) IS
    'extends the leases of these attempts; returns those to stop: cancel (somebody asked) or lost (another attempt holds the job, or it has ended)';
