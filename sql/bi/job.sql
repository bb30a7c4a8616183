-- Jobs and workers for people and BI tools.

CREATE OR REPLACE VIEW bourse_bi.job AS
SELECT j.job_id, j.kind, j.queue, j.state, j.priority, j.attempt, j.max_attempts, j.created_at, j.run_at, j.started_at,
    NULL::timestamptz AS finished_at, j.worker, j.progress_ratio, j.last_error, j.owner, j.stage, j.progress_note, j.unique_key, j.args,
    NULL::jsonb AS result, j.cancel_requested_at, j.exit_code, j.signal, j.paused_at,
    j.paused_by, j.blocked_by, j.limit_key, j.timeout, j.resources, NULL::bigint AS cancelled_by_job
FROM bourse.job AS j
UNION ALL
SELECT a.job_id, a.kind, a.queue, a.state, a.priority, a.attempt, a.max_attempts, a.created_at, a.run_at, a.started_at,
    a.finished_at, a.worker, a.progress_ratio, a.last_error, a.owner, a.stage, a.progress_note, a.unique_key, a.args,
    a.result, NULL::timestamptz, a.exit_code, a.signal, NULL::timestamptz,
    NULL::text, NULL::int, a.limit_key, a.timeout, a.resources, a.cancelled_by_job
FROM bourse.job_archive AS a;
COMMENT ON VIEW bourse_bi.job IS 'all jobs, unfinished and finished; states: waiting scheduled running succeeded failed dead cancelled';
