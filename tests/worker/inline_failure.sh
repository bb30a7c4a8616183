#!/usr/bin/env bash
# An inline job that fails: its whole batch is given back, those around it are claimed one by one, each has its own
# outcome, and what follows is taken by batches again.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
sql "UPDATE bourse.job_kind SET backoff_base_s = 0; ALTER DATABASE \"$PGDATABASE\" SET track_functions = 'all'"
calls() { until_true "NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'bourse-worker%')"
    sql "SELECT coalesce(sum(calls), 0) FROM pg_stat_user_functions WHERE schemaname = 'bourse' AND funcname = '$1'"; }

sql "SELECT bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[10]))" >/dev/null
bad=$(sql "SELECT bourse.enqueue('noop', '{\"fail\": \"the shop is closed\"}', max_attempts => 1)")
sql "SELECT bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[989]))" >/dev/null
follows=$(sql "SELECT bourse.enqueue('noop', after => ARRAY[$bad]::bigint[])")
anyhow=$(sql "SELECT bourse.enqueue('noop', after => ARRAY[$bad]::bigint[], after_failure => 'run')")
bourse worker --once --slots 1 2>"$scratch/worker_once.log" || fail "worker --once did not end well"
expect "SELECT state, attempt, last_error FROM bourse_bi.job WHERE job_id = $bad" "dead|1|the shop is closed (XX000)" "the one that fails"
expect "SELECT count(*), count(DISTINCT job_id), min(attempt), max(attempt) FROM bourse_bi.job WHERE state = 'succeeded' AND job_id NOT IN ($follows, $anyhow)" \
    "999|999|1|1" "the others: each succeeded once, at its first try"
expect "SELECT string_agg(state, ',' ORDER BY job_id) FROM bourse_bi.job WHERE job_id IN ($follows, $anyhow)" "cancelled,succeeded" "what follows it"
expect "SELECT count(*) FROM bourse.job" 0 "nothing is left"
grep -q "event=job_not_done job=$bad kind=noop attempt=1 state=dead error=\"the shop is closed" "$scratch/worker_once.log" || fail "the log does not tell of it"
# Of 100 that were claimed 99 were completed one by one; the other 900 and what followed went by batches.
[ "$(calls job_complete)" = 99 ] || fail "$(calls job_complete) jobs were completed one by one instead of 99"
[ "$(calls job_fail)" = 1 ] || fail "$(calls job_fail) calls of job_fail"

# tried again as its kind says, with those that another try cannot help ended at once; every batch has one of them
tries=$(sql "SELECT bourse.enqueue('noop', '{\"fail\": \"not yet\"}', max_attempts => 3)")
final=$(sql "SELECT bourse.enqueue('noop', '{\"fail\": 7}', max_attempts => 3)")
sql "SELECT bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[150])), bourse.enqueue('noop', '{\"fail\": \"late\"}', max_attempts => 1)" >/dev/null
start_worker --slots 1 --poll 0.1
until_true "NOT EXISTS (SELECT FROM bourse.job)"
expect "SELECT string_agg(concat_ws('|', state, attempt, last_error), ',' ORDER BY job_id) FROM bourse_bi.job WHERE job_id IN ($tries, $final)" \
    "dead|3|not yet (XX000),failed|1|fail in args of noop is no text; hint: what the job is to fail with (22023)" "tries and a final failure"
expect "SELECT string_agg(state || ' ' || n, ',' ORDER BY state) FROM (SELECT state, count(*) AS n FROM bourse.job_archive WHERE job_id > $final GROUP BY state) AS s" \
    "dead 1,succeeded 150" "those around them"
expect "SELECT count(*) FROM (SELECT FROM bourse.job_archive GROUP BY job_id HAVING count(*) > 1) AS twice" 0 "each ended once"
kill -TERM "$worker"
wait "$worker" || fail "the worker did not drain"

# after that by batches alone
sql "SELECT pg_stat_reset(), bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[50]))" >/dev/null
bourse worker --once --slots 1 2>/dev/null || fail "worker --once did not end well"
[ "$(calls job_complete)" = 0 ] || fail "jobs were claimed one by one although none fails"
[ "$(calls job_take)" -gt 0 ] || fail "no batch was taken"
expect "SELECT count(*) FROM bourse.job" 0 "nothing is left"
