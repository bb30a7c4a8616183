#!/usr/bin/env bash
# Every NOTIFY lost: polling alone finishes the work. Thousands of forged ones: the work goes on, and the worker looks at
# the queue far less often than it is rung.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/proxy_lib.sh"
. "$BOURSE_SOURCE/tests/support/ledger_lib.sh"
rings=${BOURSE_CHAOS_RINGS:-3000}
make_ledger
sql "ALTER DATABASE \"$PGDATABASE\" SET track_functions = 'all'"
start_proxy
start_worker --db "$through" --kinds sql --slots 2 --poll 0.1  # inline kinds would be asked for on the connection that listens
until_true "EXISTS (SELECT FROM bourse.worker WHERE sleeping)"
network freeze "bourse-worker listen"
for _ in 1 2 3; do sql "SELECT chaos.fill(4)" >/dev/null; done
judge 300 "without any NOTIFY"
! grep -q event=session_lost "$worker_log" || fail "the other connections were to live"
kill -TERM "$worker"
wait "$worker" || fail "the worker did not drain"
network cut # ends what is half-open

start_worker --slots 2 --poll 5
until_true "EXISTS (SELECT FROM bourse.worker WHERE sleeping AND stopped_at IS NULL)"
sql "SELECT pg_stat_reset()" >/dev/null
for ((i = 0; i < rings; i++)); do printf "NOTIFY bourse_jobs, 'forged %s {\"job_id\": -1} %s';\n" "$i" "\\x00 ../../etc %n%n"; done >"$scratch/flood"
began=$SECONDS
psql -qX -v ON_ERROR_STOP=1 -f "$scratch/flood" &
flooding=$!
sql "SELECT chaos.fill(8)" >/dev/null
judge 300 "during a flood"
wait "$flooding" || fail "the flood failed"
flooded=$((SECONDS - began + 1))
heard=$(sql "SELECT bourse.enqueue('noop')")
state_is "$heard" succeeded
kill -TERM "$worker"
wait "$worker" || fail "the worker did not drain"
until_true "NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'bourse-worker%')"
looks=$(sql "SELECT sum(calls) FROM pg_stat_user_functions WHERE funcname = 'job_claim'")
[ "$looks" -gt 0 ] || fail "no look was counted"
# at most one every 50 ms, however long a slow machine takes for the flood
most=$((rings / 4 + 20 * flooded))
[ "$looks" -le $most ] || fail "$looks looks at the queue for $rings forged rings in $flooded s"
echo "$rings forged rings in $flooded s, $looks looks at the queue"
