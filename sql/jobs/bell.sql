-- The bell wakes sleeping workers. A hint only: polling is the guarantee.

CREATE OR REPLACE FUNCTION bourse.ring() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    asleep_at timestamptz;
    rung_at timestamptz;
BEGIN
    -- NOTIFY takes a lock of the whole cluster at commit: a busy writer must not pay that when nobody sleeps, nor when
    -- another transaction has just rung for those who do. That one may commit late or never, so it counts for 20 ms only.
    SELECT max(w.asleep_at) INTO asleep_at FROM bourse.worker AS w
    WHERE w.sleeping AND w.stopped_at IS NULL AND w.heartbeat_at > now() - interval '1 minute';
    IF asleep_at IS NULL THEN
        RETURN;
    END IF;
    SELECT to_timestamp(b.last_value / 1e6) INTO rung_at FROM bourse.job_bell_seq AS b;
    IF rung_at < asleep_at OR clock_timestamp() NOT BETWEEN rung_at AND rung_at + interval '20 ms' THEN
        PERFORM setval('bourse.job_bell_seq', (extract(epoch FROM clock_timestamp()) * 1e6)::bigint);
        PERFORM pg_notify('bourse_jobs', '');
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.ring() IS 'wakes the workers at commit, when one has said that it sleeps; SECURITY DEFINER: callers need no right on bourse.worker';
