#!/usr/bin/env bash
# The server's answer to a child's statement is lost on a connection that stays half-open, while the daemon's own
# connections live and keep the lease: the child finds out, and another try follows long before the job's longest run.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/proxy_lib.sh"
sql "UPDATE bourse.job_kind SET backoff_base_s = 0"
make_gate
start_proxy
start_worker --db "$through" --slots 2 --poll 0.1 --lease 4
job=$(ask_gate "timeout => '1 h', max_attempts => 100")
until_true "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'bourse-task sql $job' AND query LIKE '%gate%' AND state = 'active')"
network freeze "bourse-task sql"
open_gate
until_logged "job_log job=$job .*event=answer_lost"
state_is "$job" succeeded
expect "SELECT attempt > 1 AND last_error LIKE 'lost the connection to the server%' FROM bourse_bi.job WHERE job_id = $job" t "another try"
! grep -q "event=leases_lost\|event=session_lost" "$worker_log" || fail "the daemon's own connections were to live"

# A statement that takes longer than that is left alone, and so is a child that says nothing for longer.
long=$(sql "CREATE FUNCTION gate.slow(args jsonb) RETURNS jsonb LANGUAGE sql AS 'SELECT pg_sleep(7); SELECT args';
    SELECT bourse.allow_job_function('gate.slow(jsonb)'); SELECT bourse.enqueue('sql', '{\"function\": \"gate.slow\"}')" | tail -1)
nap=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 7}')")
state_is "$long" succeeded
state_is "$nap" succeeded
! grep -q "job_log job=\($long\|$nap\) .*event=answer_lost" "$worker_log" || fail "a statement under way was taken for a lost answer"
