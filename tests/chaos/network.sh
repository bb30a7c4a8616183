#!/usr/bin/env bash
# The network between worker and server breaks in every way that a small proxy can: refused and reset connections, bytes
# that vanish either way or both (half-open connections), delay. Each line of the ledger is there exactly once.
# BOURSE_CHAOS_CUTS: how many breaks (default: each kind once).
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/proxy_lib.sh"
. "$BOURSE_SOURCE/tests/support/ledger_lib.sh"
cuts=${BOURSE_CHAOS_CUTS:-7}
take_seed
make_ledger 2
start_proxy

# Heartbeats on a half-open connection: found out and sent on another one, long before the lease ends.
start_worker --db "$through" --slots 1 --lease 2 --poll 0.2 --grace 0.5
job=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 4}')")
until_logged "job_started job=$job "
network freeze heartbeat
until_logged event=server_silent
state_is "$job" succeeded
expect "SELECT attempt FROM bourse_bi.job WHERE job_id = $job" 1 "the lease was kept"

# Cut off for longer than its lease: the daemon says so and kills what it can no longer complete; another takes over.
job=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 3}')")
until_logged "job_started job=$job "
child=$(child_of "$job")
network black
until_logged "event=leases_lost .* jobs=1 "
until_gone "$child"
first=$worker first_log=$worker_log
start_worker --slots 1 --lease 30 --poll 0.2
until_logged "job_started job=$job .*attempt=2 "
second=$worker
network pass
state_is "$job" succeeded
expect "SELECT attempt FROM bourse_bi.job WHERE job_id = $job" 2 "the second attempt completed it"
kill -TERM "$second"
wait "$second" || fail "the second worker did not drain"
worker=$first worker_log=$first_log
again=$(sql "SELECT bourse.enqueue('noop')")
state_is "$again" succeeded
until_logged "job_lost job=$job .*attempt=1 "
sql "DELETE FROM bourse.job_archive"

start_worker --db "$through" --slots 2 --lease 2 --poll 0.2 --grace 0.5
breaks=(cut refuse black black_up black_down freeze "delay 60")
for ((i = 0; i < cuts; i++)); do
    broken=${breaks[i < ${#breaks[@]} ? i : RANDOM % ${#breaks[@]}]}
    sql "SELECT chaos.fill(8)" >/dev/null
    booked=$(sql "SELECT count(*) FROM chaos.ledger")
    until_true "(SELECT count(*) > $booked FROM chaos.ledger) OR NOT EXISTS (SELECT FROM bourse.job)"
    random_pause
    network $broken
    case $broken in
    cut | freeze*) ;;
    delay*) random_pause; network delay 0 ;;
    *) random_pause; random_pause; [ $((RANDOM % 3)) != 0 ] || sleep 2; network pass ;;
    esac
done
judge $((60 + cuts * 2)) "seed $seed"
grep -q event=session_lost "$worker_log" || fail "no break was noticed"
echo "$cuts breaks, $(sql "SELECT count(*) FROM chaos.ledger") jobs, $(sql "SELECT count(*) FROM bourse.job_archive WHERE attempt > 1") of them tried more than once"
