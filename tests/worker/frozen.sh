#!/usr/bin/env bash
# A worker frozen past its lease: another takes over, the thawed one keeps nothing of what it did.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
sql "CREATE SCHEMA shop; CREATE TABLE shop.ledger (job_id bigint); UPDATE bourse.job_kind SET backoff_base_s = 0;
     CREATE FUNCTION shop.book(args jsonb) RETURNS jsonb LANGUAGE plpgsql AS \$\$
     BEGIN INSERT INTO shop.ledger VALUES (1); PERFORM pg_sleep(0.05); RETURN args; END \$\$;
     SELECT bourse.allow_job_function('shop.book(jsonb)')" >/dev/null
make_gate
start_worker --slots 1 --lease 1 --poll 0.1
first=$worker first_log=$worker_log
job=$(ask_gate "max_attempts => 100")
until_logged "job_started job=$job "
child=$(child_of "$job")
kill -STOP "$first" "$child"
start_worker --slots 1 --lease 30 --poll 0.1
until_logged "job_started job=$job "
open_gate
kill -CONT "$child" "$first"
state_is "$job" succeeded
expect "SELECT attempt > 1 AND worker <> (SELECT worker FROM bourse.worker WHERE pid = $first) FROM bourse_bi.job WHERE job_id = $job" t "the other worker's attempt holds it"
expect "SELECT last_error LIKE 'attempt % was lost: worker % let its lease run out' FROM bourse_bi.job WHERE job_id = $job" t "why there was a second"
until_gone "$child"
worker_log=$first_log
until_logged "job_lost job=$job "
booked=$(sql "SELECT bourse.enqueue('sql', '{\"function\": \"shop.book\"}')")
state_is "$booked" succeeded
expect "SELECT count(*) FROM shop.ledger" 1 "both workers go on"
