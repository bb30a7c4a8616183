-- Pausing single jobs, retrying many, policies of kinds: answers, refusals, rights.
SET client_min_messages = warning;
DROP ROLE IF EXISTS control_alice, control_bob, control_olga;
CREATE ROLE control_alice LOGIN IN ROLE bourse_researcher;
CREATE ROLE control_bob LOGIN IN ROLE bourse_researcher;
CREATE ROLE control_olga LOGIN IN ROLE bourse_operator;
RESET client_min_messages;

-- pause and resume of one job
SET ROLE control_alice;
SELECT bourse.enqueue('noop'), bourse.enqueue('noop', run_at => '2999-01-01'), bourse.enqueue('noop', after => ARRAY[1]::bigint[]);
SELECT bourse.pause(1), bourse.pause(2), bourse.pause(3);
SELECT bourse.pause(1);
SELECT job_id, state, blocked_by, paused_by FROM bourse.job ORDER BY job_id;
SELECT job_id, paused_at IS NOT NULL AS paused FROM bourse_bi.job ORDER BY job_id;
SELECT bourse.retry(2);
SET ROLE control_bob;
SELECT bourse.pause(1);
SELECT bourse.resume(1);
SET ROLE control_olga;
SELECT bourse.resume(1), bourse.resume(2);
SELECT bourse.resume(1);
SELECT bourse.pause(77);
SELECT bourse.pause(NULL::bigint);
RESET ROLE;
SELECT job_id FROM bourse.job_claim('w', ARRAY['noop'], 9) ORDER BY 1;
SELECT bourse.pause(1);
SELECT bourse.job_complete(1, 1);
SELECT bourse.pause(1);
SELECT bourse.cancel(3, 'a paused job can be cancelled');
SELECT bourse.retry(3);
SELECT state, blocked_by, paused_at FROM bourse.job WHERE job_id = 3;

-- retry_dead
TRUNCATE bourse.job, bourse.job_archive, bourse.job_dependency;
ALTER SEQUENCE bourse.work_id_seq RESTART;
SELECT bourse.enqueue('noop', max_attempts => 1, owner => CASE WHEN n < 4 THEN 'control_alice' ELSE 'control_bob' END) FROM generate_series(1, 5) AS n;
SELECT bourse.enqueue('sleep', max_attempts => 1, owner => 'control_bob');
SELECT bourse.job_fail(job_id, 1, 'boom', job_id <> 5, 3, NULL) FROM bourse.job_claim('w', ARRAY['noop', 'sleep'], 9);
UPDATE bourse.job_archive SET finished_at = now() - interval '2 days' WHERE job_id = 2;
SELECT job_id, state, exit_code, signal FROM bourse_bi.job ORDER BY 1;
SET ROLE control_alice;
SELECT bourse.retry_dead('noop');
SELECT bourse.retry_dead('noop', since => '-infinity');
SET ROLE control_olga;
SELECT bourse.retry_dead('noop', states => '{dead,failed}', most => 1);
SELECT bourse.retry_dead();
SELECT bourse.retry_dead(states => '{dead,failed}');
SELECT bourse.retry_dead(states => '{succeeded}');
SELECT bourse.retry_dead(most => 0);
SELECT bourse.retry_dead(since => NULL);
RESET ROLE;
SELECT job_id, state, attempt, max_attempts, last_error, exit_code FROM bourse_bi.job ORDER BY 1;

-- set_job_kind
SET ROLE control_alice;
SELECT bourse.set_job_kind('noop', max_attempts => 1);
SET ROLE control_olga;
SELECT bourse.set_job_kind('my.kind', 3, '10 min', 1, 8, 0, 512, 'ours');
SELECT bourse.set_job_kind('my.kind', timeout => '0', memory_mb => 1024);
SELECT bourse.set_job_kind('other');
SELECT bourse.set_job_kind('no good', description => 'x');
SELECT bourse.set_job_kind('my.kind', max_attempts => 101);
SELECT bourse.set_job_kind('my.kind', timeout => '-1 s');
SELECT bourse.set_job_kind('my.kind', backoff_base_s => -1);
SELECT bourse.set_job_kind('my.kind', backoff_cap_s => 'NaN');
SELECT bourse.set_job_kind('my.kind', backoff_jitter_ratio => 1.5);
SELECT bourse.set_job_kind('my.kind', memory_mb => 1);
SET ROLE control_alice;
SELECT bourse.enqueue('my.kind') AS mine \gset
RESET ROLE;
SELECT max_attempts, timeout FROM bourse.job WHERE job_id = :mine;
-- without jitter the back-off is exact: 1, 2 s, then the tries are used up
CREATE FUNCTION pg_temp.fail_once(id bigint) RETURNS TABLE(state text, delay_s numeric) LANGUAGE plpgsql AS $$
DECLARE a int; s text;
BEGIN
    UPDATE bourse.job AS j SET state = 'waiting', run_at = now() WHERE j.job_id = id;
    SELECT c.attempt INTO a FROM bourse.job_claim('w', ARRAY['my.kind'], 1) AS c;
    s := bourse.job_fail(id, a, 'boom');
    RETURN QUERY SELECT s, (SELECT round(extract(epoch FROM j.run_at - clock_timestamp())) FROM bourse.job AS j WHERE j.job_id = id);
END $$;
SELECT * FROM pg_temp.fail_once(:mine);
SELECT * FROM pg_temp.fail_once(:mine);
SELECT * FROM pg_temp.fail_once(:mine);

-- a lease that is kept up does not outlive the timeout by more than eleven minutes
TRUNCATE bourse.job, bourse.job_archive;
SELECT bourse.worker_register('w', 'host', 1, '0.1', '{noop}', 1);
SELECT bourse.enqueue('noop', timeout => '1 h', max_attempts => 1) AS long \gset
SELECT count(*) FROM bourse.job_claim('w', ARRAY['noop'], 1, '30 s');
UPDATE bourse.job SET started_at = now() - interval '70 min', leased_until = now() + interval '1 s';
SELECT * FROM bourse.job_heartbeat('w', ARRAY[:long]::bigint[], ARRAY[1], '30 s');
SELECT leased_until > now() + interval '15 s' AS extended FROM bourse.job;
UPDATE bourse.job SET started_at = now() - interval '72 min', leased_until = now() + interval '1 s';
SELECT * FROM bourse.job_heartbeat('w', ARRAY[:long]::bigint[], ARRAY[1], '30 s');
SELECT bourse.job_rescue();
SELECT action FROM bourse.job_heartbeat('w', ARRAY[:long]::bigint[], ARRAY[1], '30 s');
SELECT state, last_error FROM bourse_bi.job WHERE job_id = :long;

DROP ROLE control_alice, control_bob, control_olga;
