-- Schedules as their users see them: specs, errors, looking ahead, ticks, catch-up, pausing. No test waits: slots are
-- made due by moving done_until.
SET timezone = 'UTC';
\set QUIET on
\pset format unaligned
\pset footer off
INSERT INTO bourse.calendar SELECT 'XTST', d::date, d + interval '9 h 30 min', d + CASE WHEN d = '2035-12-24' THEN interval '13 h' ELSE interval '16 h' END, d + interval '12 h', d + interval '12 h 30 min'
FROM generate_series('2020-01-06'::timestamptz, '2036-01-04', '1 day') AS d WHERE extract(isodow FROM d) < 6 AND d <> '2035-12-25';

-- looking ahead: clocks that move, sessions, half days
SELECT * FROM bourse.next_runs('30 2 * * *', 3, time_zone => 'America/New_York', after => '2026-03-07 12:00Z');
SELECT * FROM bourse.next_runs('30 1 * * *', 3, time_zone => 'America/New_York', after => '2026-10-31 12:00Z');
SELECT * FROM bourse.next_runs('30 * * * *', 3, time_zone => 'America/New_York', after => '2026-11-01 04:45Z');
SELECT * FROM bourse.next_runs('close+15m', 3, 'XTST', after => '2035-12-21 16:15Z');
SELECT * FROM bourse.next_runs('break_end - 1h', 2, 'XTST', 'Asia/Tokyo', after => '2035-12-24');
SELECT * FROM bourse.next_runs('0 18 * * *', 3, 'XTST', after => '2035-12-24');
SELECT * FROM bourse.next_runs('close-30m', 2, after => '2035-12-31 23:29:59Z');
SELECT * FROM bourse.next_runs('open', 5, 'XTST', after => '2036-01-02');
SELECT count(*) FROM bourse.next_runs('* * * * *', 10000, 'XTST', after => '2035-12-21');

-- refused, with the reason
\set SHOW_CONTEXT never
SELECT bourse.schedule('a', '61 * * * *', 'noop');
SELECT bourse.schedule('a', 'close+15', 'noop');
SELECT bourse.schedule('a', 'clsoe', 'noop');
SELECT bourse.schedule('a', '@dayly', 'noop');
SELECT bourse.schedule('a', NULL, 'noop');
SELECT bourse.schedule('a', '@daily', 'noop', time_zone => 'UTC+8');
SELECT bourse.schedule('a', '@daily', 'noop', time_zone => 'Asia/Nowhere');
SELECT bourse.schedule('a', '@daily', 'noop', time_zone => '../../../etc/passwd');
SELECT bourse.schedule('a', '@daily', 'noop', time_zone => '');
SELECT bourse.schedule('a', 'close', 'noop', calendar => 'XNYS');
SELECT bourse.schedule('a', 'close', 'noop', calendar => 'XTSR');
SELECT bourse.schedule('a', 'break_start', 'noop');
SELECT bourse.schedule('close-30m', 'close', 'noop');
SELECT bourse.schedule('a b', '@daily', 'noop');
SELECT bourse.schedule('a', '@daily', 'no op');
SELECT bourse.schedule('a', '@daily', 'noop', '[]');
SELECT bourse.schedule('a', '@daily', 'noop', catch_up => '10 s');
SELECT bourse.schedule('a', '@daily', 'noop', overlap => 'wait');
SELECT bourse.schedule('a', '@daily', 'sql', '{"function": "no.such"}');
SELECT bourse.next_runs('nightly');
SELECT bourse.next_runs('@daily', 0);
SELECT bourse.unschedule('nightly');
INSERT INTO bourse.calendar VALUES ('XOLD', '2020-01-06', '2020-01-06 09:00Z', '2020-01-06 10:00Z');
SELECT bourse.schedule('a', 'close', 'noop', calendar => 'XOLD');
SELECT count(*) FROM bourse.schedule;

-- one job a slot; the hourly one was due half an hour ago, whatever the time is
SELECT date_trunc('minute', now() - interval '30 min') AS slot, extract(minute FROM now() - interval '30 min') || ' * * * *' AS hourly \gset
SELECT bourse.schedule('hourly', :'hourly', 'noop', '{"n": 1}') = :'slot'::timestamptz + interval '1 h' AS next_hour;
SELECT bourse.schedule_tick();
UPDATE bourse.schedule SET done_until = :'slot'::timestamptz - interval '1 s', next_run_at = now() - interval '2 min', check_at = :'slot'::timestamptz;
SELECT state FROM bourse_bi.schedule;
SELECT bourse.schedule_tick();
SELECT bourse.schedule_tick();
SELECT kind, args, state, queue, priority, run_at = :'slot'::timestamptz AS at_the_slot, owner = current_user AS mine,
    unique_key = to_char(:'slot'::timestamptz, '"hourly@"YYYY-MM-DD"T"HH24:MI":00Z"') AS key FROM bourse.job;
SELECT name, state, next_run_at = :'slot'::timestamptz + interval '1 h' AS next, last_slot_at = :'slot'::timestamptz AS last, last_job_state, error, jobs_made, slots_skipped FROM bourse_bi.schedule;
SELECT bourse.job_tick() BETWEEN 0 AND 3600 AS knows_when;

-- after an outage of ten days: without catch_up the latest of the last day, the rest is counted
TRUNCATE bourse.job;
UPDATE bourse.schedule SET done_until = :'slot'::timestamptz - interval '10 days', check_at = now();
SELECT bourse.schedule_tick();
SELECT jobs_made, slots_skipped, last_slot_at = :'slot'::timestamptz AS latest FROM bourse.schedule;
-- nothing as old as a day is made up without being asked for
SELECT bourse.schedule('yearly', to_char(now() - interval '3 days', '"0 0" FMDD FMMM "*"'), 'noop') > now();
UPDATE bourse.schedule SET done_until = now() - interval '10 days', check_at = now() WHERE name = 'yearly';
SELECT bourse.schedule_tick();
SELECT jobs_made, slots_skipped, next_run_at > now() AS goes_on FROM bourse.schedule WHERE name = 'yearly';
-- with catch_up: all that are younger
SELECT bourse.unschedule('yearly');
SELECT bourse.schedule('hourly', :'hourly', 'noop', catch_up => '5 h') IS NOT NULL AS changed;
TRUNCATE bourse.job;
UPDATE bourse.schedule SET done_until = :'slot'::timestamptz - interval '20 h', check_at = now(), jobs_made = 0, slots_skipped = 0;
SELECT bourse.schedule_tick();
SELECT count(DISTINCT run_at), min(run_at) > now() - interval '5 h' AS young, max(run_at) = :'slot'::timestamptz AS latest FROM bourse.job;
SELECT jobs_made, slots_skipped FROM bourse.schedule;
-- many: a hundred a tick, oldest first, none lost
SELECT bourse.schedule('minutely', '* * * * *', 'noop', catch_up => '1 day') IS NOT NULL AS made;
TRUNCATE bourse.job;
UPDATE bourse.schedule SET done_until = date_trunc('minute', now()) - interval '250 min', check_at = now() WHERE name = 'minutely';
SELECT bourse.schedule_tick();
SELECT bourse.schedule_tick();
SELECT bourse.schedule_tick() BETWEEN 50 AND 51 AS rest;
SELECT bourse.schedule_tick() IN (0, 1) AS no_more;
SELECT count(*) IN (250, 251) AS all_made, count(*) = count(DISTINCT run_at) AS once FROM bourse.job;
SELECT bourse.unschedule('minutely');

-- overlap => skip: no job while the one before has not ended
TRUNCATE bourse.job;
SELECT bourse.schedule('slow', :'hourly', 'noop', overlap => 'skip', catch_up => '1 day') IS NOT NULL AS made;
UPDATE bourse.schedule SET done_until = :'slot'::timestamptz - interval '3 h', check_at = now() WHERE name = 'slow';
SELECT bourse.schedule_tick();
SELECT jobs_made, slots_skipped FROM bourse.schedule WHERE name = 'slow';
TRUNCATE bourse.job;
UPDATE bourse.schedule SET done_until = :'slot'::timestamptz - interval '1 s', check_at = now() WHERE name = 'slow';
SELECT bourse.schedule_tick();
SELECT jobs_made, slots_skipped FROM bourse.schedule WHERE name = 'slow';
SELECT bourse.unschedule('slow');

-- pausing: what falls into the pause is not made up
SELECT bourse.pause_schedule('hourly');
SELECT bourse.pause_schedule('hourly');
UPDATE bourse.schedule SET done_until = now() - interval '3 h';
SELECT bourse.schedule_tick();
SELECT state, next_run_at, paused_by = current_user AS by_me FROM bourse_bi.schedule;
SELECT bourse.resume_schedule('hourly') > now() AS next;
SELECT bourse.resume_schedule('hourly') > now() AS next;
SELECT bourse.schedule_tick();
SELECT bourse.schedule('hourly', :'hourly', 'noop', enabled => false) > now() AS next;
SELECT state FROM bourse_bi.schedule;
SELECT bourse.schedule('hourly', '30 * * * *', 'noop') > now() AS next;
SELECT state, spec FROM bourse_bi.schedule;
SELECT bourse.unschedule('hourly');

-- broken: the reason is shown, and it goes on by itself once that is mended
SELECT bourse.schedule('after_close', 'close+15m', 'noop', calendar => 'XTST') IS NOT NULL AS made;
DELETE FROM bourse.calendar WHERE calendar = 'XTST' AND session >= current_date;
SELECT bourse.schedule_tick();
SELECT state, next_run_at, regexp_replace(error, '\d{4}-\d\d-\d\d', 'DATE') AS error FROM bourse_bi.schedule;
INSERT INTO bourse.calendar VALUES ('XTST', current_date + 1, current_date + 1 + interval '9 h', current_date + 1 + interval '10 h');
SELECT bourse.schedule_tick();
SELECT state, next_run_at = current_date + 1 + interval '10 h 15 min' AS next, error FROM bourse_bi.schedule;
-- a half day is announced
UPDATE bourse.calendar SET close_at = close_at - interval '30 min' WHERE session > current_date AND calendar = 'XTST';
SELECT bourse.schedule_tick();
SELECT state, next_run_at = current_date + 1 + interval '9 h 45 min' AS next FROM bourse_bi.schedule;
DELETE FROM bourse.calendar WHERE calendar = 'XTST';
SELECT bourse.schedule_tick();
SELECT state, error FROM bourse_bi.schedule;
SELECT bourse.unschedule('after_close');
CREATE SCHEMA shop;
CREATE FUNCTION shop.close_books(args jsonb) RETURNS jsonb LANGUAGE sql AS 'SELECT args';
SELECT bourse.allow_job_function('shop.close_books(jsonb)');
TRUNCATE bourse.job;
SELECT bourse.schedule('books', :'hourly', 'sql', '{"function": "shop.close_books"}') IS NOT NULL AS made;
SELECT bourse.disallow_job_function('shop.close_books(jsonb)');
UPDATE bourse.schedule SET done_until = :'slot'::timestamptz - interval '1 s', check_at = now();
SELECT bourse.schedule_tick();
SELECT state, error FROM bourse_bi.schedule;
SELECT bourse.allow_job_function('shop.close_books(jsonb)');
UPDATE bourse.schedule SET check_at = now();
SELECT bourse.schedule_tick();
SELECT state, error, last_job_state FROM bourse_bi.schedule;

-- whose it is
CREATE ROLE schedule_ann IN ROLE bourse_researcher;
CREATE ROLE schedule_bob IN ROLE bourse_researcher;
TRUNCATE bourse.job;
SET ROLE schedule_ann;
SELECT bourse.schedule('anns', :'hourly', 'noop') IS NOT NULL AS made;
SET ROLE schedule_bob;
SELECT bourse.schedule('anns', '@daily', 'noop');
SELECT bourse.unschedule('anns');
SELECT bourse.pause_schedule('anns');
SELECT bourse.schedule('bobs', '@daily', 'noop', owner => 'schedule_ann');
SELECT bourse.schedule_tick();
UPDATE bourse.schedule SET kind = 'sql';
SELECT count(*) FROM bourse.next_runs('anns', 2);
SET ROLE bourse_reader;
SELECT bourse.schedule('x', '@daily', 'noop');
SELECT name, replace(owner, session_user, 'the tester') AS owner FROM bourse_bi.schedule ORDER BY name;
RESET ROLE;
UPDATE bourse.schedule SET done_until = :'slot'::timestamptz - interval '1 s', check_at = now() WHERE name = 'anns';
SET ROLE bourse_worker;
SELECT bourse.job_tick() IS NOT NULL AS ticked;
RESET ROLE;
SELECT kind, owner FROM bourse.job;
-- an owner that has gone
UPDATE bourse.schedule SET owner = 'schedule_nobody', done_until = :'slot'::timestamptz - interval '1 s', check_at = now() WHERE name = 'anns';
SELECT bourse.schedule_tick();
SELECT state, error FROM bourse_bi.schedule WHERE name = 'anns';
DROP ROLE schedule_ann, schedule_bob;

-- the same slots as croniter and zoneinfo (tests/unit/schedule/data)
CREATE TEMP TABLE cron_case (spec text, zone text, start timestamptz, slots text);
\copy cron_case FROM PROGRAM 'cat "$BOURSE_SOURCE/tests/unit/schedule/data/cron_cases.csv"' (FORMAT csv, DELIMITER ';', HEADER)
SELECT count(*) >= 300 AS enough,
    count(*) FILTER (WHERE string_to_array(slots, ' ')::timestamptz[] IS DISTINCT FROM bourse.cron_slots(spec, zone, start, 'infinity', 8)) AS different FROM cron_case;
SELECT bourse.cron_slots('@daily', 'UTC', '2026-01-01', '2026-01-03', 10);
SELECT bourse.cron_slots('@daily', 'UTC', '2026-01-01 00:00:00.000001Z', '2026-01-01 23:59:59.999999Z', 10);
SELECT bourse.cron_slots('@daily', 'UTC', '-infinity', 'infinity', 1), bourse.cron_slots('@yearly', 'UTC', '9998-06-01', 'infinity', 10);
SELECT bourse.cron_slots('@daily', 'UTC', now(), 'infinity', 0);
SET statement_timeout = '100ms';
SELECT cardinality(bourse.cron_slots('* * * * *', 'America/New_York', '1000-01-01', 'infinity', 1000000)) FROM generate_series(1, 100);
