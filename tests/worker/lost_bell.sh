#!/usr/bin/env bash
# NOTIFY is a hint: jobs start when none comes (polling), and a flood of forged ones does no harm.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
start_worker --poll 0.5
until_true "EXISTS (SELECT FROM bourse.worker WHERE sleeping)"
silent=$(sql "INSERT INTO bourse.job (kind) VALUES ('noop') RETURNING job_id")  # as if its bell had been lost
state_is "$silent" succeeded
psql -qX -v ON_ERROR_STOP=1 >/dev/null <<'SQL'
SELECT pg_notify('bourse_jobs', 'forged ' || n || repeat(' {"job_id": -1}', 300)) FROM generate_series(1, 2000) AS n;
SQL
heard=$(sql "SELECT bourse.enqueue('noop')")
state_is "$heard" succeeded
kill -0 "$worker" || fail "the worker is gone"

# a sleeping worker is woken long before it would have looked by itself: the bell carries this, 20 times
kill -TERM "$worker"; wait "$worker" || fail "the worker did not drain"
start_worker --poll 5
for _ in $(seq 20); do
    until_true "EXISTS (SELECT FROM bourse.worker WHERE sleeping AND stopped_at IS NULL)"
    state_is "$(sql "SELECT bourse.enqueue('noop')")" succeeded
done
