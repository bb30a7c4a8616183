#!/usr/bin/env bash
# noop and sleep from enqueue to the archive; CALL bourse.wait; dependencies in order; kinds that a worker leaves alone.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"

sql "SELECT bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[20])), bourse.enqueue('sleep', '{\"seconds\": 0.05}')" >/dev/null
bourse worker --once --slots 4 2>"$scratch/worker_once.log" || fail "worker --once did not end well"
expect "SELECT state || count(*) FROM bourse_bi.job GROUP BY state" succeeded21 "after --once"
expect "SELECT count(*) FROM bourse_bi.worker WHERE state = 'stopped'" 1 "the worker signed off"

# a kind not asked for stays
sleeper=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 0.05}')")
bourse worker --once --kinds noop 2>/dev/null || fail "worker --kinds noop"
expect "SELECT state FROM bourse_bi.job WHERE job_id = $sleeper" waiting "a kind that was not asked for"

start_worker --slots 2
state_is "$sleeper" succeeded
psql -qXc "CALL bourse.wait(bourse.enqueue('sleep', '{\"seconds\": 2.5}'))" 2>"$scratch/notices" || fail "bourse.wait on a job that succeeds"
grep -q 'NOTICE:  job [0-9]* (sleep) is running' "$scratch/notices" || fail "bourse.wait tells nothing: $(cat "$scratch/notices")"
[ "$(grep -c 'sleep [0-9]* %' "$scratch/notices")" -ge 1 ] || fail "bourse.wait tells no progress: $(cat "$scratch/notices")"
# in a transaction block it polls; without an id it is the caller's newest work
nap=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 0.3}')")
[ "$(printf 'BEGIN;\nCALL bourse.wait();\nSELECT state FROM bourse_bi.job WHERE job_id = %s;\nCOMMIT;\n' "$nap" | psql -qXAt -v ON_ERROR_STOP=1 2>/dev/null)" = succeeded ] ||
    fail "bourse.wait in a transaction block"
message=$(psql -qX -v VERBOSITY=verbose -c "CALL bourse.wait(bourse.enqueue('sleep', '{\"secnods\": 1}'))" 2>&1) && fail "bourse.wait on a job that fails gave no error"
grep -q 'MB051: job [0-9]* ended as failed: unknown key "secnods" in args of sleep; hint: known keys: log_lines, memory_mb, seconds (MB030)' <<<"$message" ||
    fail "unexpected message: $message"

# a diamond: c and d after a, e after both
a=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 0.1}')")
read -r c d <<<"$(sql "SELECT j[1] || ' ' || j[2] FROM bourse.enqueue_many('sleep', ARRAY['{\"seconds\": 0.1}', '{}']::jsonb[], after => ARRAY[$a]::bigint[]) AS j")"
e=$(sql "SELECT bourse.enqueue('noop', after => ARRAY[$c, $d]::bigint[])")
state_is "$e" succeeded
expect "SELECT bool_and(x.started_at >= y.finished_at) FROM bourse.job_archive x JOIN bourse.job_archive y
        ON (x.job_id, y.job_id) IN (($c, $a), ($d, $a), ($e, $c), ($e, $d))" t "each started after those it follows"

# a delayed job
later=$(sql "BEGIN; SELECT bourse.enqueue('noop', run_at => now() + interval '2 s'); SELECT state FROM bourse_bi.job ORDER BY job_id DESC LIMIT 1; COMMIT")
[ "$(tail -1 <<<"$later")" = scheduled ] || fail "a delayed job is $(tail -1 <<<"$later")"
later=$(head -1 <<<"$later")
state_is "$later" succeeded
expect "SELECT started_at >= run_at FROM bourse_bi.job WHERE job_id = $later" t "not before its time"

# a bad --kinds, no password in any message
bourse worker --kinds slep 2>"$scratch/err" && fail "an unknown kind was accepted"
grep -q 'unknown job kind "slep".*did you mean sleep' "$scratch/err" || fail "unknown kind: $(cat "$scratch/err")"
bourse --db "host=/nowhere password=geheim dbname=x" worker --once >"$scratch/err" 2>&1 && fail "an unreachable server was accepted"
bourse --db "password=geheim nonsense" worker --once >>"$scratch/err" 2>&1 && fail "an unreadable connection string was accepted"
grep -q geheim "$scratch/err" && fail "a password got into the log"
grep -q 'connection string cannot be read' "$scratch/err" || fail "unreadable connection string: $(cat "$scratch/err")"
bourse --db "dbname=postgres" worker --once >"$scratch/err" 2>&1 && fail "a database without tables was accepted"
grep -q 'run: bourse migrate' "$scratch/err" || fail "no queue: $(cat "$scratch/err")"
exit 0
