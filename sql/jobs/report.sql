-- What a worker tells about the child processes of jobs: their log lines and what they have used.

CREATE OR REPLACE FUNCTION bourse.job_report(worker text, lines jsonb, usages jsonb) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO bourse.job_log (job_id, attempt, line, at, level, message)
    SELECT l.job, l.attempt, l.line, clock_timestamp() - make_interval(secs => greatest(l.age_s, 0)), l.level, left(l.message, 2000)
    FROM jsonb_to_recordset(job_report.lines) AS l(job bigint, attempt int, line int, age_s float8, level text, message text)
    -- told again when the answer was lost
    WHERE NOT EXISTS (SELECT FROM bourse.job_log AS o WHERE o.job_id = l.job AND o.attempt = l.attempt AND o.line = l.line);
    INSERT INTO bourse.job_usage (job_id, attempt, kind, worker, started_at, ended_at, cpu_s, max_rss_mb, read_bytes, write_bytes, exit_code, signal)
    SELECT u.job, u.attempt, u.kind, job_report.worker, t.ended_at - make_interval(secs => u.ran_s), t.ended_at, u.cpu_s, u.max_rss_mb, u.read_bytes,
        u.write_bytes, u.exit_code, u.signal
    FROM jsonb_to_recordset(job_report.usages) AS u(job bigint, attempt int, kind text, age_s float8, ran_s float8, cpu_s float8, max_rss_mb float8,
        read_bytes bigint, write_bytes bigint, exit_code int, signal int)
    CROSS JOIN LATERAL (SELECT clock_timestamp() - make_interval(secs => greatest(u.age_s, 0)) AS ended_at) AS t
    WHERE NOT EXISTS (SELECT FROM bourse.job_usage AS o WHERE o.job_id = u.job AND o.attempt = u.attempt);
END;
COMMENT ON FUNCTION bourse.job_report(text, jsonb, jsonb) IS
    'stores log lines and usages of children, times by this server''s clock less the age that the worker names. SECURITY DEFINER: the tables take rows only through here';

CREATE OR REPLACE FUNCTION bourse.worker_usage(worker text, usage jsonb) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    UPDATE bourse.worker AS w
    SET cpus = u.cpus, load = u.load, memory_used_mb = u.memory_used_mb, memory_total_mb = u.memory_total_mb, disk_free_mb = u.disk_free_mb,
        usage_at = clock_timestamp()
    FROM jsonb_to_record(worker_usage.usage) AS u(cpus int, load float8, memory_used_mb float8, memory_total_mb float8, disk_free_mb float8)
    WHERE w.worker = worker_usage.worker;
END;
COMMENT ON FUNCTION bourse.worker_usage(text, jsonb) IS
    'how busy the host of a worker is: cpus, load, memory_used_mb, memory_total_mb, disk_free_mb. SECURITY DEFINER: the table takes rows only through functions';
