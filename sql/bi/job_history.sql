-- What jobs have said and used, for people and BI tools.

CREATE OR REPLACE VIEW bourse_bi.job_log AS
SELECT l.job_id, l.attempt, l.line, l.at, l.level, l.message FROM bourse.job_log AS l;
COMMENT ON VIEW bourse_bi.job_log IS 'log lines of jobs'' child processes: the first 1,000 and the last 100 of each attempt; level stderr: it came without one';

CREATE OR REPLACE VIEW bourse_bi.job_usage AS
SELECT u.job_id, u.attempt, u.kind, u.worker, u.started_at, u.ended_at, extract(epoch FROM u.ended_at - u.started_at)::float8 AS ran_s,
    u.cpu_s, u.max_rss_mb, u.read_bytes, u.write_bytes, u.exit_code, u.signal
FROM bourse.job_usage AS u;
COMMENT ON VIEW bourse_bi.job_usage IS 'what each ended attempt''s child process has used: processor seconds, most memory (MiB), bytes from and to block devices';

CREATE OR REPLACE VIEW bourse_bi.job_kind AS
SELECT k.kind, k.description, k.max_attempts, k.timeout, k.backoff_base_s, k.backoff_cap_s, k.backoff_jitter_ratio, k.memory_mb FROM bourse.job_kind AS k;
COMMENT ON VIEW bourse_bi.job_kind IS 'kinds of jobs and their policies';

CREATE OR REPLACE VIEW bourse_bi.job_dependency AS
SELECT d.job_id, d.after_job_id, d.after_failure FROM bourse.job_dependency AS d;
COMMENT ON VIEW bourse_bi.job_dependency IS 'what unfinished jobs still wait for, and what becomes of them should that end badly: cancel, run or wait';
