-- The archive by weeks: partitions made ahead, stragglers moved, old weeks dropped, look-ups by id cheap.
CREATE FUNCTION pg_temp.partitions(parent text) RETURNS TABLE(weeks_from_now numeric, comment_is_there boolean) LANGUAGE sql AS $$
    SELECT round((extract(epoch FROM to_date(right(relname, 7), 'IYYY"w"IW') - date_trunc('week', now() AT TIME ZONE 'UTC')) / 604800)), obj_description(oid, 'pg_class') IS NOT NULL
    FROM pg_class JOIN pg_inherits ON inhrelid = oid WHERE inhparent = ('bourse.' || parent)::regclass AND relname NOT LIKE '%default' ORDER BY relname $$;
CREATE FUNCTION pg_temp.put(id bigint, age interval, state text DEFAULT 'succeeded') RETURNS void LANGUAGE sql AS $$
    INSERT INTO bourse.job_archive (job_id, kind, queue, args, state, priority, attempt, max_attempts, owner, created_at, run_at, finished_at)
    VALUES (id, 'noop', 'default', '{}', state, 100, 1, 5, 'me', now() - age, now() - age, now() - age) $$;

-- nothing is made by use alone; one call makes this week and four ahead
SELECT bourse.enqueue('noop') AS job \gset
SELECT bourse.cancel(:job, 'enough');
SELECT tableoid::regclass FROM bourse.job_archive;
SELECT bourse.job_maintain();
SELECT parent, p.* FROM unnest(ARRAY['job_archive', 'job_log', 'job_usage']) AS parent, pg_temp.partitions(parent) AS p;
SELECT tableoid = ('bourse.' || bourse.job_partition_of('job_archive', now()))::regclass AS moved FROM bourse.job_archive;
SELECT bourse.job_maintain();
SELECT count(*) FROM pg_temp.partitions('job_archive');

-- stragglers of other weeks: one week a call, not more rows than allowed
SELECT pg_temp.put(1000 + n, '30 days') FROM generate_series(1, 5) AS n;
SELECT pg_temp.put(2000, '60 days');
SELECT bourse.job_maintain(0);
SELECT count(*) FROM bourse.job_archive_default;
SELECT bourse.job_maintain(4);
SELECT bourse.job_maintain(4);
SELECT count(*) FROM bourse.job_archive_default;
SELECT bourse.job_maintain(5);
SELECT count(*) FROM bourse.job_archive_default;
SELECT count(*) FROM bourse.job_archive;
SELECT count(*) FROM pg_temp.partitions('job_archive');
SELECT bourse.job_maintain(-1);

-- retention drops whole weeks, one a call; what still waited for a dropped job is cancelled
SELECT pg_temp.put(3000, '200 days', 'failed'), pg_temp.put(3001, '201 days', 'failed'), pg_temp.put(3002, '300 days');
SELECT setval('bourse.work_id_seq', 5000) \gset
SELECT bourse.enqueue('noop', after => ARRAY[3000]::bigint[], after_failure => 'wait') AS waits \gset
SELECT bourse.enqueue('noop', after => ARRAY[:waits]::bigint[]) AS waits_too \gset
SELECT bourse.job_maintain();
SELECT bourse.job_maintain();
SELECT bourse.job_maintain();
SELECT bourse.job_maintain();
SELECT job_id, state FROM bourse_bi.job WHERE job_id IN (2000, 3000, 3001, 3002) ORDER BY 1;
SELECT state, last_error FROM bourse_bi.job WHERE job_id IN (:waits, :waits_too) ORDER BY job_id;
SELECT bourse.set_setting('job_archive_keep_days', '40');
SELECT bourse.job_maintain();
SELECT count(*) FILTER (WHERE job_id = 2000) AS old, count(*) FILTER (WHERE job_id BETWEEN 1001 AND 1005) AS young FROM bourse.job_archive;
SELECT bourse.set_setting('job_archive_keep_days', '0');
SELECT pg_temp.put(3000, '4000 days') ;
SELECT bourse.job_maintain(), bourse.job_maintain();
SELECT count(*) FROM bourse.job_archive WHERE job_id = 3000;
SELECT bourse.set_setting('job_archive_keep_dayz', '1');
SELECT bourse.set_setting('job_archive_keep_days', '"long"');
SELECT bourse.set_setting('job_archive_keep_days', '-1');

-- one job among 50 weeks of 400: at most four pages a week
SELECT count(pg_temp.put(100000 + 1000 * w + n, make_interval(weeks => w)) IS NULL) FROM generate_series(1, 50) AS w, generate_series(1, 400) AS n;
SELECT bool_and(bourse.job_maintain()) FROM generate_series(1, 60);
SELECT count(*) FROM bourse.job_archive_default;
ANALYZE bourse.job_archive;
CREATE FUNCTION pg_temp.pages(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, TIMING off, FORMAT json) ' || query INTO plan;
    RETURN (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::bigint + (plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::bigint;
END $$;
SELECT pg_temp.pages('SELECT state FROM bourse_bi.job WHERE job_id = 110007') <= 4 * count(*) AS cheap, count(*) > 50 AS many FROM pg_temp.partitions('job_archive');
SELECT pg_temp.pages('SELECT count(*) FROM bourse_bi.job') > 250 AS dear;
