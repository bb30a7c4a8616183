#!/usr/bin/env bash
# A child that crashes is one failed attempt; tries are used up, then the job is dead, and retry brings it back.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
sql "UPDATE bourse.job_kind SET backoff_base_s = 0"
start_worker --slots 1 --poll 0.1
job=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 600}', max_attempts => 2)")
state_is "$job" running
until_logged "job_started job=$job .*attempt=1 "
kill -SEGV "$(child_of "$job")"
until_logged "job_started job=$job .*attempt=2 "
expect "SELECT last_error FROM bourse_bi.job WHERE job_id = $job" "its child died of signal 11 (Segmentation fault)" "a crash is told"
expect "SELECT signal, exit_code FROM bourse_bi.job WHERE job_id = $job" "11|" "a crash is kept as its signal"
kill -KILL "$(child_of "$job")"
state_is "$job" dead
expect "SELECT attempt || ': ' || split_part(last_error, ';', 1) FROM bourse_bi.job WHERE job_id = $job" "2: its child died of signal 9 (Killed)" "dead letter"
expect "SELECT signal, exit_code FROM bourse_bi.job WHERE job_id = $job" "9|" "the signal is in the dead letter"
sql "SELECT bourse.retry($job)" >/dev/null
until_logged "job_started job=$job .*attempt=3 "
until_true "EXISTS (SELECT FROM bourse.job WHERE job_id = $job AND attempt = 3 AND stage = 'sleep')"  # its handler runs: it can hear
kill -TERM "$(child_of "$job")"   # not from the worker: an attempt that was told to stop is tried again
until_logged "job_started job=$job .*attempt=4 "
expect "SELECT last_error FROM bourse_bi.job WHERE job_id = $job" "the job was told to stop (57014)" "a stranger's SIGTERM"
sql "SELECT bourse.cancel($job, 'enough')" >/dev/null
state_is "$job" cancelled
