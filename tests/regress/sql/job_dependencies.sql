-- What follows what, and what becomes of it when a predecessor ends badly: after_failure cancel, run, wait; retry brings back.
CREATE FUNCTION pg_temp.fail(job bigint) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM bourse.job_claim('w', ARRAY['noop'], 100, '1 min');
    RETURN bourse.job_fail(job, (SELECT attempt FROM bourse.job WHERE job_id = $1), 'bad ' || job, false);
END $$;
CREATE FUNCTION pg_temp.succeed(job bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM bourse.job_claim('w', ARRAY['noop'], 100, '1 min');
    PERFORM bourse.job_complete(job, (SELECT attempt FROM bourse.job WHERE job_id = $1));
END $$;
CREATE FUNCTION pg_temp.show() RETURNS TABLE(job_id bigint, state text, blocked_by int, after bigint[], last_error text) LANGUAGE sql AS $$
    SELECT b.job_id, b.state, j.blocked_by, array(SELECT after_job_id FROM bourse.job_dependency d WHERE d.job_id = b.job_id ORDER BY 1), b.last_error
    FROM bourse_bi.job AS b LEFT JOIN bourse.job AS j USING (job_id) ORDER BY b.job_id $$;
CREATE FUNCTION pg_temp.anew() RETURNS void LANGUAGE sql AS $$
    TRUNCATE bourse.job, bourse.job_archive, bourse.job_dependency; SELECT setval('bourse.work_id_seq', 1, false) $$;

-- arguments
SELECT bourse.enqueue('noop', after_failure => 'explode');
SELECT bourse.enqueue('noop', after_failure => NULL);
INSERT INTO bourse.job_dependency (job_id, after_job_id) VALUES (1, 1), (2, 3);

-- the three policies, side by side and one level down
SELECT pg_temp.anew();
SELECT bourse.enqueue('noop') AS a \gset
SELECT bourse.enqueue('noop', after => ARRAY[:a]::bigint[]) AS b_cancel \gset
SELECT bourse.enqueue('noop', after => ARRAY[:a]::bigint[], after_failure => 'run') AS b_run \gset
SELECT bourse.enqueue('noop', after => ARRAY[:a]::bigint[], after_failure => 'wait') AS b_wait \gset
SELECT bourse.enqueue('noop', after => ARRAY[:b_cancel]::bigint[]) AS c_cancel \gset
SELECT bourse.enqueue('noop', after => ARRAY[:b_cancel]::bigint[], after_failure => 'run') AS c_run \gset
SELECT bourse.enqueue('noop', after => ARRAY[:b_cancel, :b_wait]::bigint[], after_failure => 'wait') AS c_wait \gset
SELECT pg_temp.fail(:a);
SELECT * FROM pg_temp.show();
-- a retry keeps what waits and brings back what was cancelled; what runs already stays
SELECT bourse.retry(:a);
SELECT * FROM pg_temp.show();
SELECT pg_temp.succeed(:a);
SELECT * FROM pg_temp.show();
SELECT pg_temp.succeed(:b_cancel);
SELECT pg_temp.succeed(:b_wait);
SELECT * FROM pg_temp.show();

-- two predecessors end badly: the dependent comes back with the later retry of the two
SELECT pg_temp.anew();
SELECT bourse.enqueue('noop'), bourse.enqueue('noop');
SELECT bourse.enqueue('noop', after => ARRAY[1, 2]::bigint[]);
SELECT bourse.enqueue('noop', after => ARRAY[3]::bigint[]);
SELECT pg_temp.fail(1);
SELECT pg_temp.fail(2);
SELECT job_id, after_job_ids, after_failure, cancelled_by_job FROM bourse.job_archive ORDER BY job_id;
SELECT bourse.retry(3);
SELECT bourse.retry(1);
SELECT job_id, cancelled_by_job FROM bourse.job_archive ORDER BY job_id;
SELECT bourse.retry(2);
SELECT * FROM pg_temp.show();
SELECT pg_temp.succeed(2);
SELECT pg_temp.succeed(1);
SELECT * FROM pg_temp.show();

-- a job cancelled by itself takes its dependencies up again
SELECT pg_temp.anew();
SELECT bourse.enqueue('noop');
SELECT bourse.enqueue('noop', after => ARRAY[1, 1]::bigint[]);
SELECT bourse.cancel(2, 'not now');
SELECT bourse.retry(2);
SELECT * FROM pg_temp.show();
SELECT bourse.cancel(2, 'not now');
SELECT pg_temp.fail(1);
SELECT bourse.retry(2);
SELECT bourse.retry(1);
SELECT bourse.retry(2);
SELECT * FROM pg_temp.show();

-- enqueue after what has ended badly already
SELECT pg_temp.anew();
SELECT bourse.enqueue('noop');
SELECT bourse.cancel(1, 'not now');
SELECT bourse.enqueue('noop', after => ARRAY[1]::bigint[]);
SELECT bourse.enqueue('noop', after => ARRAY[1]::bigint[], after_failure => 'run');
SELECT bourse.enqueue('noop', after => ARRAY[1, 1]::bigint[], after_failure => 'wait');
SELECT bourse.enqueue('noop', after => ARRAY[1, 77]::bigint[], after_failure => 'wait');
SELECT * FROM pg_temp.show();
SELECT bourse.retry(1);
SELECT pg_temp.succeed(1);
SELECT * FROM pg_temp.show();

-- a unique key that a newer job has taken meanwhile
SELECT pg_temp.anew();
SELECT bourse.enqueue('noop');
SELECT bourse.enqueue('noop', unique_key => 'k', after => ARRAY[1]::bigint[]);
SELECT bourse.cancel(1, 'not now');
SELECT bourse.enqueue('noop', unique_key => 'k') AS newer \gset
SELECT bourse.retry(1);
SELECT job_id, state, unique_key FROM bourse_bi.job ORDER BY job_id;

-- a chain deeper than any stack, forth and back
SELECT pg_temp.anew();
SELECT bourse.enqueue('noop');
SELECT count(bourse.enqueue('noop', after => ARRAY[n]::bigint[])) FROM generate_series(1, 3000) AS n;
SELECT pg_temp.fail(1);
SELECT state, count(*) FROM bourse_bi.job GROUP BY 1 ORDER BY 1;
SELECT bourse.retry(1);
SELECT state, count(*), count(*) FILTER (WHERE blocked_by = 1) AS blocked FROM bourse.job GROUP BY 1 ORDER BY 1;
