-- Limits, shares and resources: what claims let in.
SET client_min_messages = warning;
DROP ROLE IF EXISTS limits_alice, limits_bob, limits_carol, limits_olga;
CREATE ROLE limits_alice LOGIN IN ROLE bourse_researcher;
CREATE ROLE limits_bob LOGIN IN ROLE bourse_researcher;
CREATE ROLE limits_carol LOGIN IN ROLE bourse_researcher;
CREATE ROLE limits_olga LOGIN IN ROLE bourse_operator;
RESET client_min_messages;
\set claim 'SELECT string_agg(c.job_id::text, '','' ORDER BY c.job_id) AS claimed FROM bourse.job_claim(''w'', ARRAY[''noop'', ''sleep''], '

-- what the calls refuse
SET ROLE limits_alice;
SELECT bourse.limit_jobs('noop', max_running => 1);
SELECT bourse.unlimit_jobs('noop');
SELECT bourse.set_share('limits_bob', 2);
SELECT bourse.enqueue('noop', limit_key => '');
SELECT bourse.enqueue('noop', limit_key => '*');
SELECT bourse.enqueue('noop', limit_key => repeat('x', 201));
SET ROLE limits_olga;
SELECT bourse.limit_jobs('');
SELECT bourse.limit_jobs('noop');
SELECT bourse.limit_jobs('noop', '', 1);
SELECT bourse.limit_jobs('noop', max_running => -1);
SELECT bourse.limit_jobs('noop', max_starts => 3);
SELECT bourse.limit_jobs('noop', max_starts => 3, per => '-1 s');
SELECT bourse.set_share('nobody at all', 2);
SELECT bourse.set_share('limits_bob', 0);
SELECT bourse.set_share('limits_bob', 'NaN');
SELECT bourse.set_share(NULL, 1);
RESET ROLE;

-- at once, for the kind as a whole; other kinds go on, and the place comes back with the end of a job
SELECT bourse.limit_jobs('noop', max_running => 2);
SELECT bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[4]));
SELECT bourse.enqueue('sleep');
:claim 10) AS c;
:claim 10) AS c;
SELECT bourse.job_complete(1, 1);
:claim 10) AS c;
SELECT bourse.job_fail(2, 1, 'not well', false);
:claim 1) AS c;
SELECT bourse.unlimit_jobs('noop');
SELECT bourse.unlimit_jobs('noop');

-- per key: one key of its own, every other key by itself; without a key the kind's limit alone holds
TRUNCATE bourse.job, bourse.job_archive;
ALTER SEQUENCE bourse.work_id_seq RESTART;
SELECT bourse.limit_jobs('noop', '*', max_running => 1);
SELECT bourse.limit_jobs('noop', 'wide', max_running => 2);
SELECT bourse.limit_jobs('noop', max_running => 6);
SELECT bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[3]), limit_key => 'a') AS a, bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[3]), limit_key => 'b') AS b,
    bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[3]), limit_key => 'wide') AS wide, bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[3])) AS none;
:claim 10) AS c;
SELECT bourse.job_complete(1, 1);
:claim 10) AS c;
SELECT limit_key, max_running FROM bourse.job_limit WHERE kind = 'noop' ORDER BY 1;
DELETE FROM bourse.job_limit;

-- starts within a time: a job that has ended counts on, one whose start is long ago does not; what is taken counts too
TRUNCATE bourse.job, bourse.job_archive, bourse.job_limit_use;
ALTER SEQUENCE bourse.work_id_seq RESTART;
SELECT bourse.limit_jobs('noop', max_starts => 3, per => '1 h');
SELECT bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[9]));
:claim 2) AS c;
SELECT bourse.job_complete(1, 1), bourse.job_complete(2, 1);
SELECT job_id FROM bourse.job_take('w', ARRAY['noop'], 10) ORDER BY 1;
:claim 10) AS c;
SELECT bourse.job_limit_opens_s() BETWEEN 3500 AND 3600 AS opens_in_an_hour;
UPDATE bourse.job_limit_use SET started_at = ARRAY(SELECT s - interval '61 min' FROM unnest(started_at) AS s);
:claim 10) AS c;
SELECT starts, cardinality(started_at) FROM bourse.job_limit_use;
SELECT bourse.limit_jobs('noop', max_starts => 0, per => '1 h');
SELECT bourse.job_limit_opens_s() IS NOT NULL AS opens;
:claim 10) AS c;
DELETE FROM bourse.job_limit;

-- shares: by weight within a priority, whatever the backlog; priority goes first; absence earns nothing
TRUNCATE bourse.job, bourse.job_archive, bourse.job_limit_use, bourse.job_share;
ALTER SEQUENCE bourse.work_id_seq RESTART;
SELECT bourse.set_share('limits_alice', 3);
SELECT bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[400]), owner => 'limits_bob') IS NOT NULL AS bob;
SELECT bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[100]), owner => 'limits_alice') IS NOT NULL AS alice;
SELECT owner, count(*) FROM bourse.job_claim('w', ARRAY['noop'], 40) GROUP BY 1 ORDER BY 1;
CREATE TEMP TABLE one_by_one AS SELECT c.owner FROM generate_series(1, 40), LATERAL (SELECT * FROM bourse.job_claim('w', ARRAY['noop'], 1 + 0 * generate_series)) AS c;
SELECT owner, count(*) FROM one_by_one GROUP BY 1 ORDER BY 1;
SELECT bourse.enqueue('noop', owner => 'limits_bob', priority => 1) AS urgent;
SELECT job_id, owner FROM bourse.job_claim('w', ARRAY['noop'], 1);
SELECT count(*) FROM bourse.job_claim('w', ARRAY['noop'], 40);
-- alice is done and away while bob goes on alone and against carol; back again, she has not saved up turns
SELECT count(*) FROM bourse.job_claim('w', ARRAY['noop'], 30);
DELETE FROM bourse.job WHERE owner = 'limits_alice';
SELECT bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[100]), owner => 'limits_carol') IS NOT NULL AS carol;
SELECT owner, count(*) FROM bourse.job_claim('w', ARRAY['noop'], 100) GROUP BY 1 ORDER BY 1;
SELECT bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[100]), owner => 'limits_alice') IS NOT NULL AS alice;
SELECT owner, count(*) FROM bourse.job_claim('w', ARRAY['noop'], 50) GROUP BY 1 ORDER BY 1;

-- resources: those that fit, together; what does not fit blocks nobody
TRUNCATE bourse.job, bourse.job_archive, bourse.job_share;
ALTER SEQUENCE bourse.work_id_seq RESTART;
SELECT bourse.enqueue('noop', resources => '{"cpu": 8}') AS big, bourse.enqueue('noop', resources => '{"cpu": 1.5, "memory_mb": 100}') AS a,
    bourse.enqueue('noop', resources => '{"cpu": 1.5}') AS b, bourse.enqueue('noop', resources => '{"gpu": 0.5}') AS gpu,
    bourse.enqueue('noop', resources => '{"cpu": 0.5}') AS small, bourse.enqueue('noop') AS plain;
SELECT job_id, resources FROM bourse.job_claim('w', ARRAY['noop'], 3, '1 min', '{"cpu": 2, "memory_mb": 1000, "gpu": 0}') ORDER BY 1;
SELECT job_id, resources FROM bourse.job_claim('w', ARRAY['noop'], 9, '1 min', '{"cpu": 0, "memory_mb": 1000, "gpu": 0}') ORDER BY 1;
SELECT job_id, resources FROM bourse.job_claim('w', ARRAY['noop'], 9, '1 min', '{"cpu": 16, "memory_mb": 1000, "gpu": 0.5}') ORDER BY 1;

-- the low-water mark: a look that has waded far leaves it where its first jobs are, and looks begin there
TRUNCATE bourse.job, bourse.job_archive;
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.remember(setting text, until timestamptz, run_at text) RETURNS boolean LANGUAGE sql
    RETURN set_config(setting, format('%s {"(noop,default,%s,\"\",100,%s,0,0)"}', extract(epoch FROM until), session_user, run_at), false) IS NOT NULL;
CREATE FUNCTION pg_temp.until(setting text, until timestamptz) RETURNS boolean LANGUAGE sql
    RETURN set_config(setting, extract(epoch FROM until) || substr(current_setting(setting), strpos(current_setting(setting), ' ')), false) IS NOT NULL;
CREATE FUNCTION pg_temp.marks(job bigint) RETURNS boolean LANGUAGE sql
    RETURN current_setting('bourse.take_mark') LIKE format('%% {"(noop,default,%s,\"\",100,\"%%\",%s,0)"}', session_user, job - 1) ESCAPE '';
RESET client_min_messages;
SELECT cardinality(bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[30000]))) AS made;
BEGIN;
DELETE FROM bourse.job;  -- for this very transaction the entries stay
SELECT min(job) AS first FROM unnest(bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[40]))) AS job \gset
SELECT bourse.enqueue('sleep', '{"seconds": 0}') AS other \gset
SELECT count(*), min(job_id) - :first AS from_here FROM bourse.job_take('w', ARRAY['noop'], 5);
SELECT pg_temp.marks(:first) AS marked, pg_temp.until('bourse.take_mark', now() + interval '1 hour') AS prolonged;
SELECT bourse.enqueue('noop', priority => 1) AS urgent \gset
SELECT count(*), bool_or(job_id = :urgent) AS urgent FROM bourse.job_take('w', ARRAY['noop'], 5, skip => 5);
SELECT count(*), bool_or(job_id = :urgent) AS urgent, min(job_id) - :first AS from_here FROM bourse.job_take('w', ARRAY['noop'], 5);
SELECT pg_temp.until('bourse.take_mark', '-infinity') AS time_is_up;
SELECT count(*), bool_or(job_id = :urgent) AS urgent FROM bourse.job_take('w', ARRAY['noop'], 5);
-- what the look for few has waded to is where the lanes begin, those of later kinds, too
SELECT set_config('bourse.take_mark', '', false) = '' AS forgotten;
SELECT count(job_id), min(job_id) - :first AS from_here, bool_or(job_id IS NULL) AS ask_for_more FROM bourse.job_take_few(ARRAY['noop'], 100);
SELECT count(*), min(job_id) - :first AS from_here FROM bourse.job_take('w', ARRAY['noop'], 12, looked => :first + 19);
SELECT set_config('bourse.take_mark', '', false) = '' AS forgotten;
SELECT count(*), bool_or(job_id = :other) AS other FROM bourse.job_take('w', ARRAY['noop', 'sleep'], 12, looked => :first + 31);
-- nothing waits: nothing is known, or what is known goes on
SELECT set_config('bourse.take_mark', '', false) = '' AS forgotten;
SELECT count(*) FROM bourse.job_take('w', ARRAY['noop'], 12);
SELECT current_setting('bourse.take_mark') LIKE '% {}' AS waded_in_vain, pg_temp.remember('bourse.take_mark', '-infinity', '2020-01-01') AS known_once;
SELECT count(*) FROM bourse.job_take('w', ARRAY['noop'], 12);
SELECT current_setting('bourse.take_mark') NOT LIKE '%2020-01-01%' AS kept, pg_temp.until('bourse.take_mark', now() + interval '1 hour') AS prolonged;
SELECT bourse.enqueue('noop') IS NOT NULL AS made;
SELECT count(*) FROM bourse.job_take('w', ARRAY['noop'], 12);
ROLLBACK;
TRUNCATE bourse.job, bourse.job_archive;
SELECT cardinality(bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[3]))) AS made, pg_temp.remember('bourse.take_mark', '-infinity', '2020-01-01') AS time_is_up;
SELECT count(*) FROM bourse.job_take('w', ARRAY['noop'], 5);
SELECT current_setting('bourse.take_mark') = '' AS no_wading_no_mark;

-- a backlog is followed from where the last batch ended, until one is not full; then all is seen again
SELECT cardinality(bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[1200]))) AS made, bourse.enqueue('noop', priority => 1) AS urgent \gset
SELECT pg_temp.remember('bourse.take_backlog', now() + interval '1 hour', '2020-01-01') AS remembered;
SELECT count(*), bool_or(job_id = :urgent) AS urgent FROM bourse.job_take('w', ARRAY['noop'], 1000);
SELECT current_setting('bourse.take_backlog') NOT LIKE '%2020-01-01%' AS goes_on;
SELECT count(*), bool_or(job_id = :urgent) AS urgent FROM bourse.job_take('w', ARRAY['noop'], 1000);
SELECT current_setting('bourse.take_backlog') = '' AS forgotten;
SELECT count(*), bool_or(job_id = :urgent) AS urgent FROM bourse.job_take('w', ARRAY['noop'], 1000);

-- what a backlog's batches have stepped over is found at its end, also while wading is avoided
SELECT cardinality(bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[3]))) AS made \gset
SELECT pg_temp.remember('bourse.take_backlog', now() + interval '1 hour', 'infinity') AS behind_them, pg_temp.remember('bourse.take_mark', now() + interval '1 hour', '2020-01-01') AS before_them;
SELECT count(*) FROM bourse.job_take('w', ARRAY['noop'], 1000);
SELECT cardinality(bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[20]))) AS made \gset
SELECT count(*) FROM bourse.job_take('w', ARRAY['noop'], 1000, skip => 5);
SELECT count(*) FROM bourse.job_take('w', ARRAY['noop'], 1000);
SELECT set_config('bourse.take_mark', '', false) = '' AS forgotten;

-- who is asked second steps over what the other one takes, if there is so much; few jobs are taken as they are, but for paused queues and limits
SELECT cardinality(bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[9]), queue => 'other')) AS other, min(job) AS first
FROM unnest(bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[30]))) AS job \gset
SELECT bourse.pause('other');
SELECT count(*), min(job_id) - :first AS from_here FROM bourse.job_take('w', ARRAY['noop'], 5, skip => 10);
SELECT count(*), min(job_id) - :first AS from_here FROM bourse.job_take('w', ARRAY['noop'], 20, skip => 100);
SELECT count(*), min(job_id) - :first AS from_here FROM bourse.job_take('w', ARRAY['noop'], 20);
SELECT bourse.resume('other'), bourse.limit_jobs('noop', max_starts => 4, per => '1 day');
SELECT * FROM bourse.job_take_few(ARRAY['noop'], 100);
SELECT count(*) FROM bourse.job_take('w', ARRAY['noop'], 20);
SELECT bourse.unlimit_jobs('noop'), bourse.pause('other'), cardinality(bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[7]))) AS made;
SELECT count(job_id) AS begun, count(*) - count(job_id) AS ask_for_more FROM bourse.job_take_few(ARRAY['noop'], 5);
SELECT count(job_id) AS begun, count(*) - count(job_id) AS ask_for_more, bool_or(attempt <> 1 OR kind <> 'noop' OR args <> '{}' OR owner <> session_user) AS odd
FROM bourse.job_take_few(ARRAY['noop'], 100);
SELECT pg_temp.remember('bourse.take_mark', 'infinity', '2020-01-01') AS marked;
SELECT count(job_id) AS begun, count(*) - count(job_id) AS ask_for_more FROM bourse.job_take_few(ARRAY['noop'], 100);
SELECT set_config('bourse.take_mark', '', false) = '' AS forgotten, bourse.resume('other');
SELECT count(*) FROM bourse.job_take('w', ARRAY['noop'], 20);
SELECT * FROM bourse.job_take_few(ARRAY['noop'], 100);

DROP ROLE limits_alice, limits_bob, limits_carol, limits_olga;
