-- The job API as users meet it: what it takes, what it refuses and with which words.
SET client_min_messages = warning;
DROP ROLE IF EXISTS jobs_alice, jobs_bob, jobs_olga, jobs_ada, jobs_wendy;
CREATE ROLE jobs_alice LOGIN IN ROLE bourse_researcher;
CREATE ROLE jobs_bob LOGIN IN ROLE bourse_researcher;
CREATE ROLE jobs_olga LOGIN IN ROLE bourse_operator;
CREATE ROLE jobs_ada LOGIN IN ROLE bourse_admin;
CREATE ROLE jobs_wendy LOGIN IN ROLE bourse_worker;
RESET client_min_messages;

-- enqueue: defaults, and what is stored
SET ROLE jobs_alice;
SELECT bourse.enqueue('noop');
SELECT bourse.enqueue('sleep', '{"seconds": 0.3}', queue => 'slow', priority => 10, run_at => '2999-01-01', max_attempts => 7, timeout => '90 s',
                      resources => '{"memory_mb": 500}');
SELECT bourse.enqueue_many('noop', ARRAY['{"n": 1}', '{"n": 2}']::jsonb[], priority => 200);
SELECT bourse.enqueue_many('noop', '{}');
SELECT job_id, kind, queue, state, priority, attempt, max_attempts, worker, progress_ratio, last_error, owner, args FROM bourse_bi.job ORDER BY job_id;
SELECT timeout, resources, run_at > created_at AS later FROM bourse.job WHERE job_id IN (1, 2) ORDER BY job_id;

-- enqueue: arguments that make no sense
SELECT bourse.enqueue('');
SELECT bourse.enqueue(NULL);
SELECT bourse.enqueue('nope nope');
SELECT bourse.enqueue('mystery');
SELECT bourse.cancel(5);
SELECT bourse.enqueue('noop', '[1]');
SELECT bourse.enqueue('noop', NULL);
SELECT bourse.enqueue('noop', jsonb_build_object('x', repeat('x', 1100000)));
SELECT bourse.enqueue('noop', queue => 'a b');
SELECT bourse.enqueue('noop', priority => NULL);
SELECT bourse.enqueue('noop', run_at => 'infinity');
SELECT bourse.enqueue('noop', unique_while => 'dreaming');
SELECT bourse.enqueue('noop', unique_period => '1 h');
SELECT bourse.enqueue('noop', unique_key => '');
SELECT bourse.enqueue('noop', unique_key => 'k', unique_period => '-1 h');
SELECT bourse.enqueue('noop', max_attempts => 0);
SELECT bourse.enqueue('noop', timeout => '0');
SELECT bourse.enqueue('noop', resources => '{"memroy_mb": 5}');
SELECT bourse.enqueue('noop', resources => '{"cpu": "two"}');
SELECT bourse.enqueue('noop', resources => '[]');
SELECT bourse.enqueue('noop', after => ARRAY[999999]);
SELECT bourse.enqueue('noop', after => ARRAY[NULL::bigint]);
SELECT bourse.enqueue('noop', owner => 'nobody at all');
SELECT bourse.enqueue('noop', owner => 'jobs_bob');
SELECT bourse.enqueue_many('noop', NULL);
SELECT bourse.enqueue_many('noop', ARRAY['{}', '{}']::jsonb[], unique_key => 'k');

-- unique keys
SELECT bourse.enqueue('sleep', unique_key => 'only') AS a \gset
SELECT bourse.enqueue('sleep', unique_key => 'only') = :a AS same;
SELECT bourse.enqueue('noop', unique_key => 'only') = :a AS same;

-- rights: tables are closed, other people's work too
INSERT INTO bourse.job (kind) VALUES ('noop');
SELECT bourse.job_claim('thief', ARRAY['noop'], 1);
SELECT bourse.job_insert('noop', '{}', 'default', 1, now(), NULL, 'waiting', NULL, '{}', 1, NULL, '{}', 'jobs_bob', 'cancel', NULL);
SELECT bourse.pause('slow');
SET ROLE jobs_bob;
SELECT bourse.cancel(1);
SELECT bourse.retry(1);
SET ROLE jobs_olga;
SELECT bourse.enqueue('noop', owner => 'jobs_bob') AS of_bob \gset
SELECT owner FROM bourse_bi.job WHERE job_id = :of_bob;
SELECT bourse.cancel(:of_bob, 'not today');

-- why_waiting
SELECT bourse.pause('slow');
SELECT bourse.pause('slow');
SET ROLE jobs_alice;
SELECT bourse.enqueue('noop', after => ARRAY[1, 2]) AS later \gset
SELECT * FROM bourse.why_waiting(:later);
SELECT reason, split_part(detail, ' at ', 1) AS detail FROM bourse.why_waiting(2);
SELECT * FROM bourse.why_waiting(1);
SELECT bourse.why_waiting(424242);
SET ROLE jobs_olga;
SELECT bourse.resume('slow');
SELECT bourse.resume('slow');

-- a worker's day
SET ROLE jobs_wendy;
SELECT bourse.worker_register('w1', 'host', 1, '0.1', ARRAY['noop', 'sleep'], 2);
SELECT job_id, kind, attempt, owner, timeout_s, memory_mb FROM bourse.job_claim('w1', ARRAY['noop', 'sleep'], 1);
SELECT * FROM bourse.job_heartbeat('w1', ARRAY[1::bigint, 77], ARRAY[1, 1], '1 min');
SELECT * FROM bourse.job_heartbeat('nobody', '{}', '{}', '1 min');
SELECT bourse.job_progress(1, 1, 'half', 0.5, 'so far so good');
SELECT job_id, state, worker, stage, progress_ratio, progress_note FROM bourse_bi.job WHERE job_id = 1;
SELECT worker, host, pid, version, kinds, slots, running, state FROM bourse_bi.worker;
SET ROLE jobs_alice;
SELECT reason, split_part(detail, ' since ', 1) AS detail FROM bourse.why_waiting(1);
SELECT * FROM bourse.why_waiting(3);
SELECT bourse.retry(1);
SELECT bourse.cancel(1);
SET ROLE jobs_wendy;
SELECT * FROM bourse.job_heartbeat('w1', ARRAY[1::bigint], ARRAY[1], '1 min');
SELECT bourse.job_complete(1, 2);
SELECT bourse.job_complete(1, 1, '{"answer": 42}');
SELECT bourse.job_complete(1, 1);
SELECT bourse.job_complete(31337, 1);
SET ROLE jobs_alice;
SELECT state, result, progress_ratio, finished_at >= started_at AS in_order FROM bourse_bi.job WHERE job_id = 1;
SELECT bourse.cancel(1);
SELECT bourse.retry(1);
SELECT bourse.cancel(NULL);
SELECT bourse.retry(NULL);

-- tries: back-off doubles, then the job is dead; retry brings it back
RESET ROLE;
TRUNCATE bourse.job, bourse.job_archive, bourse.job_dependency;
ALTER SEQUENCE bourse.work_id_seq RESTART;
SET ROLE jobs_alice;
SELECT bourse.enqueue('noop', max_attempts => 3);
SELECT bourse.enqueue('noop', after => ARRAY[1]);
SELECT bourse.enqueue('noop', after => ARRAY[2]);
RESET ROLE;
CREATE FUNCTION pg_temp.try_and_fail(retryable boolean DEFAULT true) RETURNS TABLE(attempt int, state text, delay_in_range boolean) LANGUAGE plpgsql AS $$
DECLARE
    a int;
    s text;
    d float8;
BEGIN
    UPDATE bourse.job AS j SET state = 'waiting', run_at = now() WHERE j.state = 'scheduled';
    SELECT c.attempt INTO a FROM bourse.job_claim('w1', ARRAY['noop'], 1) AS c;
    s := bourse.job_fail(1, a, 'boom ' || a, retryable);
    SELECT extract(epoch FROM j.run_at - clock_timestamp()) INTO d FROM bourse.job AS j WHERE j.job_id = 1 AND j.state = 'scheduled';
    RETURN QUERY SELECT a, s, d BETWEEN 0.75 * 2 ^ a - 0.5 AND 1.25 * 2 ^ a;
END
$$;
SELECT * FROM pg_temp.try_and_fail();
SELECT reason, regexp_replace(detail, '[0-9-]{10} [0-9:.]+\+00', 'WHEN') AS detail FROM bourse.why_waiting(1);
SELECT * FROM pg_temp.try_and_fail();
SELECT * FROM pg_temp.try_and_fail();
SELECT job_id, state, attempt, last_error FROM bourse_bi.job ORDER BY job_id;
SET ROLE jobs_alice;
CALL bourse.wait(1);
CALL bourse.wait(3);
SELECT bourse.enqueue('noop', after => ARRAY[1]);
SELECT bourse.retry(1);
RESET ROLE;
SELECT * FROM pg_temp.try_and_fail(false);
SELECT job_id, state, attempt, max_attempts, last_error FROM bourse_bi.job WHERE job_id = 1;

-- bourse.wait
SET ROLE jobs_bob;
CALL bourse.wait();
SET ROLE jobs_alice;
CALL bourse.wait(424242);
SELECT bourse.enqueue('sleep') AS s \gset
CALL bourse.wait(:s, '0.05 s');
CALL bourse.wait(timeout => '0 s');
BEGIN;
CALL bourse.wait(bourse.enqueue('sleep'));
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
CALL bourse.wait(:s);
ROLLBACK;
RESET ROLE;
SELECT attempt FROM bourse.job_claim('w1', ARRAY['sleep'], 1);
SELECT bourse.job_complete(:s, 1);
CALL bourse.wait(:s);
BEGIN;
CALL bourse.wait(:s);
COMMIT;

-- jobs of kind sql: only allowed functions, only as they were when allowed
CREATE SCHEMA shop;
GRANT USAGE ON SCHEMA shop TO PUBLIC;
CREATE FUNCTION shop.tally(args jsonb) RETURNS jsonb LANGUAGE sql AS $$ SELECT '{"n": 1}'::jsonb $$;
CREATE FUNCTION shop.odd(args text) RETURNS jsonb LANGUAGE sql AS $$ SELECT '{}'::jsonb $$;
SET ROLE jobs_alice;
SELECT bourse.enqueue('sql');
SELECT bourse.enqueue('sql', '{"function": "tally"}');
SELECT bourse.enqueue('sql', '{"function": "shop.tally; DROP TABLE x"}');
SELECT bourse.enqueue('sql', '{"function": "shop.nothing"}');
SELECT bourse.enqueue('sql', '{"function": "shop.tally"}');
SELECT bourse.allow_job_function('shop.tally(jsonb)');
SET ROLE jobs_ada;
SELECT bourse.allow_job_function('shop.odd(text)');
SELECT bourse.allow_job_function('shop.tally(jsonb)');
SET ROLE jobs_alice;
SELECT bourse.enqueue('sql', '{"function": "shop.tally"}') IS NOT NULL AS made;
RESET ROLE;
CREATE OR REPLACE FUNCTION shop.tally(args jsonb) RETURNS jsonb LANGUAGE sql AS $$ SELECT '{"n": 2}'::jsonb $$;
SET ROLE jobs_alice;
SELECT bourse.enqueue('sql', '{"function": "shop.tally"}');
SET ROLE jobs_ada;
SELECT bourse.allow_job_function('shop.tally(jsonb)');
SELECT bourse.disallow_job_function('shop.tally(jsonb)');
SELECT bourse.disallow_job_function('shop.tally(jsonb)');

RESET ROLE;
DROP SCHEMA shop CASCADE;
DROP ROLE jobs_alice, jobs_bob, jobs_olga, jobs_ada, jobs_wendy;
