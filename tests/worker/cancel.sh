#!/usr/bin/env bash
# Cancelling what runs: a child between statements, a child inside a long statement, a child that cannot listen.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
sql "CREATE SCHEMA shop; CREATE TABLE shop.effect (n int);
     CREATE FUNCTION shop.slow(args jsonb) RETURNS jsonb LANGUAGE sql AS 'INSERT INTO shop.effect VALUES (1); SELECT pg_sleep(600); SELECT args';
     SELECT bourse.allow_job_function('shop.slow(jsonb)')" >/dev/null
start_worker --slots 3 --grace 1
nap=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 600}')")
query=$(sql "SELECT bourse.enqueue('sql', '{\"function\": \"shop.slow\"}')")
deaf=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 600}')")
after=$(sql "SELECT bourse.enqueue('noop', after => ARRAY[$nap]::bigint[])")
until_true "(SELECT count(*) = 3 FROM bourse.job WHERE state = 'running')"
until_true "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%shop%slow%' AND wait_event = 'PgSleep')"
until_true "(SELECT progress_ratio >= 0 FROM bourse.job WHERE job_id = $deaf)"
pids="$(child_of "$nap") $(child_of "$query") $(child_of "$deaf")"
kill -STOP "$(child_of "$deaf")"
expect "SELECT bourse.cancel(j, 'not needed') FROM unnest(ARRAY[$nap, $query, $deaf]::bigint[]) AS j" "$(printf 'running\nrunning\nrunning')" "cancel of a running job"
for job in $nap $query $deaf $after; do state_is "$job" cancelled; done
expect "SELECT string_agg(DISTINCT last_error, ',') FROM bourse_bi.job WHERE job_id IN ($nap, $query, $deaf)" "not needed" "the reason is kept"
for pid in $pids; do until_gone "$pid"; done
until_true "NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%shop%slow%')"
expect "SELECT count(*) FROM shop.effect" 0 "a cancelled job leaves nothing"
message=$(psql -qXc "CALL bourse.wait($nap)" 2>&1) && fail "bourse.wait on a cancelled job gave no error"
grep -q "ended as cancelled: not needed" <<<"$message" || fail "bourse.wait on a cancelled job: $message"
