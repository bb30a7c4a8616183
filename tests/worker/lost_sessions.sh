#!/usr/bin/env bash
# Somebody ends every session of workers and children, again and again: each line of the ledger is there exactly once.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
sql "UPDATE bourse.job_kind SET backoff_base_s = 0; CREATE SCHEMA shop; CREATE TABLE shop.ledger (n int);
     CREATE FUNCTION shop.book(args jsonb) RETURNS jsonb LANGUAGE sql
     AS 'INSERT INTO shop.ledger VALUES ((args ->> ''n'')::int); SELECT pg_sleep(0.02); SELECT args';
     SELECT bourse.allow_job_function('shop.book(jsonb)')" >/dev/null
start_worker --slots 2 --poll 0.1 --lease 2
sql "SELECT bourse.enqueue('sql', jsonb_build_object('function', 'shop.book', 'n', n), max_attempts => 100) FROM generate_series(1, 40) AS n" >/dev/null
for round in 1 2 3 4; do
    until_true "(SELECT count(*) >= $((round * 6)) FROM shop.ledger)"
    sql "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'bourse-%'" >/dev/null
done
until_true "NOT EXISTS (SELECT FROM bourse.job)"
expect "SELECT count(*) || ' ' || count(DISTINCT n) FROM shop.ledger" "40 40" "each booked exactly once"
expect "SELECT count(*) FROM bourse.job_archive WHERE state = 'succeeded'" 40 "each ended once"
grep -q event=session_lost "$worker_log" || fail "the worker did not notice"
kill -TERM "$worker"
wait "$worker" || fail "the worker did not end well"
