#!/usr/bin/env bash
# SIGTERM: no new job, the running ones end. A second one: they are stopped and given back.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
make_gate
start_worker --slots 2
running=$(ask_gate)
state_is "$running" running
kill -TERM "$worker"
until_logged event=draining
next=$(sql "SELECT bourse.enqueue('noop')")
open_gate
wait "$worker" || fail "a drained worker ends with $?"
expect "SELECT state FROM bourse_bi.job WHERE job_id = $running" succeeded "the running job ended"
expect "SELECT state FROM bourse_bi.job WHERE job_id = $next" waiting "no new job was taken"
expect "SELECT state FROM bourse_bi.worker" stopped "it signed off"

start_worker --slots 2 --kinds sleep
long=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 600}', max_attempts => 1)")
state_is "$long" running
until_logged "job_started job=$long "
kill -TERM "$worker"
until_logged event=draining
kill -TERM "$worker"
wait "$worker" || fail "a worker that is stopped at once ends with $?"
expect "SELECT state || ' ' || attempt || ' ' || max_attempts || ' ' || last_error FROM bourse_bi.job WHERE job_id = $long" \
    "waiting 1 2 the worker was stopped" "given back, without losing a try"
until_gone "$(child_of "$long")"
