#!/usr/bin/env bash
# A child whose connection takes nothing any more while it has something to say: bytes that its kernel cannot send. TCP
# itself would wait for a quarter of an hour; the connection's tcp_user_timeout (here the connection string's) ends it,
# and the job is tried again on a new one.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/proxy_lib.sh"
sql "UPDATE bourse.job_kind SET backoff_base_s = 0; CREATE SCHEMA shop; CREATE TABLE shop.ledger (bytes int);
     CREATE FUNCTION shop.book(args jsonb) RETURNS jsonb LANGUAGE sql AS 'INSERT INTO shop.ledger VALUES (length(args ->> ''load'')) RETURNING to_jsonb(bytes)';
     SELECT bourse.allow_job_function('shop.book(jsonb)')" >/dev/null
start_proxy
network stall "bourse-task sql"
start_worker --db "$through tcp_user_timeout=1000" --slots 1 --poll 0.1
job=$(sql "SELECT bourse.enqueue('sql', jsonb_build_object('function', 'shop.book', 'load', repeat('x', 1000000)), timeout => '1 h', max_attempts => 100)")
until_logged "job_started job=$job .*attempt=1 "
until_logged "job_not_done job=$job .*attempt=1 .*error=\"lost the connection to the server"
network stall
state_is "$job" succeeded
expect "SELECT attempt > 1, result FROM bourse_bi.job WHERE job_id = $job" "t|1000000" "a later attempt completed it"
expect "SELECT count(*), min(bytes) FROM shop.ledger" "1|1000000" "booked once"
! grep -q event=session_lost "$worker_log" || fail "the worker's own connections were to live"
