-- Worker daemons for people and BI tools.

CREATE OR REPLACE VIEW bourse_bi.worker AS
SELECT w.worker, w.host, w.pid, w.version, w.kinds, w.slots, w.running,
    CASE WHEN w.stopped_at IS NOT NULL THEN 'stopped' WHEN w.heartbeat_at < now() - interval '1 minute' THEN 'lost' ELSE 'alive' END AS state,
    w.started_at, w.heartbeat_at, w.stopped_at,
    w.cpus, w.load, w.memory_used_mb, w.memory_total_mb, w.disk_free_mb, w.usage_at, w.offers
FROM bourse.worker AS w;
COMMENT ON VIEW bourse_bi.worker IS 'worker daemons that have registered; lost: no heartbeat for a minute, its jobs go to others when their leases end';
