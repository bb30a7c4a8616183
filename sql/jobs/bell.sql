-- The bell wakes sleeping workers. A hint only: polling is the guarantee.

CREATE OR REPLACE FUNCTION bourse.ring() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- NOTIFY takes a lock of the whole cluster at commit: a busy writer must not pay that when nobody sleeps.
    IF EXISTS (SELECT FROM bourse.worker AS w
               WHERE w.sleeping AND w.stopped_at IS NULL AND w.heartbeat_at > now() - interval '1 minute') THEN
        PERFORM pg_notify('bourse_jobs', '');
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.ring() IS 'wakes the workers at commit, when one has said that it sleeps; SECURITY DEFINER: callers need no right on bourse.worker';
