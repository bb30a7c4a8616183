-- Every answer of bourse.why_waiting, with what to do.
SET client_min_messages = warning;
DROP ROLE IF EXISTS why_alice, why_bob, why_olga;
CREATE ROLE why_alice LOGIN IN ROLE bourse_researcher;
CREATE ROLE why_bob LOGIN IN ROLE bourse_researcher;
CREATE ROLE why_olga LOGIN IN ROLE bourse_operator;
RESET client_min_messages;
CREATE TEMP TABLE seen (reason text);
GRANT INSERT ON seen TO PUBLIC;
CREATE FUNCTION pg_temp.why(id bigint) RETURNS TABLE(reason text, detail text, hint text) LANGUAGE sql AS $$
    INSERT INTO pg_temp.seen SELECT w.reason FROM bourse.why_waiting(id) AS w;
    SELECT reason, regexp_replace(detail, '[0-9-]{10} [0-9:.]+\+00', 'WHEN', 'g'), hint FROM bourse.why_waiting(id) $$;
CREATE FUNCTION pg_temp.worker(name text, slots int, kinds text[] DEFAULT '{noop,sleep}') RETURNS void LANGUAGE sql AS $$
    SELECT bourse.worker_register(name, 'host', 1, '0.1', kinds, slots) $$;
\pset format unaligned
\pset tuples_only on
SELECT bourse.why_waiting(77);
SELECT bourse.why_waiting(NULL);

-- no worker; a kind that nobody knows; a lost worker counts for nothing
SET ROLE why_alice;
SELECT bourse.enqueue('noop') AS first \gset
SET client_min_messages = warning;
SELECT bourse.enqueue('mystery') AS mystery \gset
RESET client_min_messages;
RESET ROLE;
SELECT * FROM pg_temp.why(:first);
SELECT pg_temp.worker('w', 2);
UPDATE bourse.worker SET heartbeat_at = now() - interval '2 min';
SELECT worker, state FROM bourse_bi.worker;
SELECT * FROM pg_temp.why(:first);
UPDATE bourse.worker SET heartbeat_at = now();
SELECT * FROM pg_temp.why(:first);
SELECT * FROM pg_temp.why(:mystery);

-- scheduled, paused (job and queue), ended, running
SET ROLE why_alice;
SELECT bourse.enqueue('noop', run_at => '2999-01-01', queue => 'slow') AS later \gset
SELECT bourse.pause(:later);
SET ROLE why_olga;
SELECT bourse.pause('slow');
SELECT * FROM pg_temp.why(:later);
SELECT bourse.cancel(:later, 'enough');
SELECT * FROM pg_temp.why(:later);
SELECT bourse.resume('slow');
RESET ROLE;

-- dependencies: the next ones, and the cause at the other end of the chain
SELECT bourse.enqueue('sleep', priority => 50) AS a \gset
SELECT bourse.enqueue('noop', after => ARRAY[:a]::bigint[], after_failure => 'wait') AS b \gset
SELECT bourse.enqueue('noop', after => ARRAY[:b]::bigint[], after_failure => 'wait') AS c \gset
SELECT bourse.enqueue('noop', after => ARRAY[:b, :c]::bigint[], after_failure => 'wait') AS d \gset
SELECT * FROM pg_temp.why(:d);
SELECT count(*) FROM bourse.job_claim('w', ARRAY['sleep'], 1);
SELECT * FROM pg_temp.why(:a);
SELECT * FROM pg_temp.why(:c);
SELECT bourse.job_fail(:a, 1, 'the disk is full', false);
SELECT * FROM pg_temp.why(:a);
SELECT * FROM pg_temp.why(:b);
SELECT * FROM pg_temp.why(:d);
-- cancelled because of another
SELECT bourse.enqueue('noop') AS e \gset
SELECT bourse.enqueue('noop', after => ARRAY[:e]::bigint[]) AS f \gset
SELECT bourse.cancel(:e, 'no need');
SELECT * FROM pg_temp.why(:f);

-- limits: of the kind, of each key, of starts in a time
TRUNCATE bourse.job, bourse.job_archive, bourse.job_dependency;
ALTER SEQUENCE bourse.work_id_seq RESTART;
SELECT bourse.limit_jobs('noop', max_running => 2), bourse.limit_jobs('noop', '*', max_running => 1), bourse.limit_jobs('sleep', max_starts => 1, per => '1 h');
SELECT bourse.enqueue('noop', limit_key => k) FROM unnest(ARRAY['x', 'x', 'y', 'z']) AS k;
SELECT count(*) FROM bourse.job_claim('w', ARRAY['noop'], 9);
SELECT job_id, state, limit_key FROM bourse.job ORDER BY 1;
SELECT * FROM pg_temp.why(2);
SELECT * FROM pg_temp.why(4);
SELECT bourse.enqueue('sleep') FROM generate_series(1, 2);
SELECT count(*) FROM bourse.job_claim('w', ARRAY['sleep'], 9);
SELECT * FROM pg_temp.why(6);

-- resources: more than any worker offers, not all at one worker, held by running jobs
TRUNCATE bourse.job, bourse.job_archive, bourse.job_dependency, bourse.job_limit, bourse.job_limit_use;
ALTER SEQUENCE bourse.work_id_seq RESTART;
SELECT bourse.worker_register('w', 'host', 1, '0.1', '{noop,sleep}', 2, '{"cpu": 4, "memory_mb": 1000, "gpu": 0}');
SELECT bourse.worker_register('v', 'host', 1, '0.1', '{noop,sleep}', 2, '{"cpu": 1, "memory_mb": 9000}');
SELECT bourse.enqueue('noop', resources => r) FROM unnest(ARRAY['{"cpu": 3}', '{"cpu": 16, "gpu": 1}', '{"cpu": 2, "memory_mb": 5000}', '{"cpu": 2}', '{}']::jsonb[]) AS r;
SELECT job_id FROM bourse.job_claim('w', ARRAY['noop'], 1, offer => '{"cpu": 4, "memory_mb": 1000, "gpu": 0}');
SELECT * FROM pg_temp.why(2);
SELECT * FROM pg_temp.why(3);
SELECT * FROM pg_temp.why(4);
SELECT * FROM pg_temp.why(5);
SELECT pg_temp.worker('u', 1);
SELECT * FROM pg_temp.why(2);
DELETE FROM bourse.worker WHERE worker <> 'w';

-- share and position
TRUNCATE bourse.job, bourse.job_archive, bourse.job_dependency, bourse.job_limit, bourse.job_limit_use;
ALTER SEQUENCE bourse.work_id_seq RESTART;
SELECT bourse.set_share('why_bob', 3);
SELECT bourse.enqueue('noop', owner => o) FROM unnest(ARRAY['why_alice', 'why_alice', 'why_bob']) AS o;
SELECT * FROM pg_temp.why(2);
SELECT * FROM pg_temp.why(3);
UPDATE bourse.worker SET running = 2;
SELECT bourse.enqueue('noop', priority => 1);
SELECT * FROM pg_temp.why(4);
SELECT count(bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[11000]), priority => 0));
SELECT * FROM pg_temp.why(4);

-- a kind that signs: no worker that takes it has a key. Those without one do not say that they take it; other kinds are not concerned
TRUNCATE bourse.job, bourse.job_archive, bourse.job_dependency, bourse.worker;
ALTER SEQUENCE bourse.work_id_seq RESTART;
SELECT signs FROM bourse.job_kind WHERE kind = 'train';
INSERT INTO bourse.job (kind) VALUES ('train');
SELECT * FROM pg_temp.why(1);
SELECT pg_temp.worker('keyless', 2);
SELECT * FROM pg_temp.why(1);
SELECT bourse.enqueue('refresh_features');
SELECT reason FROM pg_temp.why(2);
SELECT pg_temp.worker('signer', 2, '{noop,sleep,train}');
SELECT * FROM pg_temp.why(1);
UPDATE bourse.worker SET heartbeat_at = now() - interval '2 min' WHERE worker = 'signer';
SELECT reason FROM pg_temp.why(1);
UPDATE bourse.worker SET heartbeat_at = now() WHERE worker = 'signer';
SELECT bourse.worker_stop('signer');
SELECT reason FROM pg_temp.why(1);

-- nothing may start; a next try; about to be cancelled
TRUNCATE bourse.job, bourse.job_archive, bourse.job_dependency;
ALTER SEQUENCE bourse.work_id_seq RESTART;
SELECT bourse.limit_jobs('noop', max_starts => 0, per => '1 min'), bourse.limit_jobs('noop', 'shut', max_running => 0);
SELECT bourse.enqueue('noop', limit_key => 'shut');
SELECT * FROM pg_temp.why(1);
SELECT bourse.unlimit_jobs('noop'), bourse.unlimit_jobs('noop', 'shut');
UPDATE bourse.job_kind SET backoff_base_s = 600;
SELECT bourse.enqueue('sleep', max_attempts => 3);
SELECT job_id, attempt FROM bourse.job_claim('keyless', '{sleep}', 1);
SELECT bourse.job_fail(2, 1, 'the site is down');
SELECT * FROM pg_temp.why(2);
SELECT bourse.retry(2);
SELECT job_id, attempt FROM bourse.job_claim('keyless', '{sleep}', 1);
SELECT bourse.cancel(2, 'enough');
SELECT * FROM pg_temp.why(2);
SELECT bourse.job_fail(2, 2, 'stopped');
SELECT * FROM pg_temp.why(2);

-- the comment of why_waiting names every reason, and this test has seen each
WITH named AS (
    SELECT trim(r.reason) AS reason FROM regexp_split_to_table(
        regexp_replace(obj_description('bourse.why_waiting(bigint)'::regprocedure), '^.*what to do: (.*); running.*$', '\1'), ',') AS r(reason))
SELECT string_agg(n.reason, ', ' ORDER BY n.reason), string_agg(n.reason, ', ') FILTER (WHERE n.reason NOT IN (SELECT s.reason FROM seen AS s)) AS unseen FROM named AS n;
SELECT DISTINCT s.reason FROM seen AS s ORDER BY 1;

DROP ROLE why_alice, why_bob, why_olga;
