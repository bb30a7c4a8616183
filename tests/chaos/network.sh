#!/usr/bin/env bash
# The network between worker and server breaks in every way that a small proxy can: refused and reset connections, bytes
# that vanish either way or both (half-open connections), delay. Each line of the ledger is there exactly once.
# BOURSE_CHAOS_CUTS: how many breaks (default: each kind once).
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/proxy_lib.sh"
. "$BOURSE_SOURCE/tests/support/ledger_lib.sh"
cuts=${BOURSE_CHAOS_CUTS:-7}
take_seed
make_ledger 4
start_proxy

# Heartbeats on a half-open connection: found out and sent on another one before the lease ends. On a machine that is
# busy enough a lease can be lost all the same; one that is kept proves the point.
start_worker --db "$through" --slots 1 --lease 2 --poll 0.2 --grace 0.5
for ((tries = 1; ; tries++)); do
    [ $tries -le 6 ] || fail "the lease was never kept"
    job=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 3}', max_attempts => 100)")
    until_logged "job_started job=$job "
    silent=$(grep -c event=server_silent "$worker_log" || true)
    network freeze heartbeat
    until_logged_more event=server_silent "$silent"
    state_is "$job" succeeded
    [ "$(sql "SELECT attempt FROM bourse_bi.job WHERE job_id = $job")" != 1 ] || break
done

# Cut off for longer than its lease: the daemon says so and kills what it can no longer complete; another takes over.
make_gate
job=$(ask_gate "timeout => '1 h', max_attempts => 100")
until_logged "job_started job=$job "
child=$(child_of "$job")
network black
until_logged "event=leases_lost .* jobs=1 "
until_gone "$child"
first=$worker first_log=$worker_log
start_worker --slots 1 --lease 30 --poll 0.2
until_logged "job_started job=$job "
second=$worker
network pass
open_gate
state_is "$job" succeeded
expect "SELECT attempt > 1 AND worker = (SELECT worker FROM bourse.worker WHERE pid = $second) FROM bourse_bi.job WHERE job_id = $job" t "the other worker completed it"
kill -TERM "$second"
wait "$second" || fail "the second worker did not drain"
worker=$first worker_log=$first_log
again=$(sql "SELECT bourse.enqueue('noop')")
state_is "$again" succeeded
until_logged "job_lost job=$job "
sql "DELETE FROM bourse.job_archive"

start_worker --db "$through" --slots 2 --lease 2 --poll 0.2 --grace 0.5
until_logged event=session_started
breaks=(cut refuse black black_up black_down freeze "delay 60")
for ((i = 0; i < cuts; i++)); do
    broken=${breaks[i < ${#breaks[@]} ? i : RANDOM % ${#breaks[@]}]}
    sql "SELECT chaos.fill(8)" >/dev/null
    booked=$(sql "SELECT count(*) FROM chaos.ledger")
    until_true "(SELECT count(*) > $booked FROM chaos.ledger) OR NOT EXISTS (SELECT FROM bourse.job)" 180
    random_pause
    network $broken
    case $broken in
    cut | freeze*) ;;
    delay*) random_pause; network delay 0 ;;
    *) # once, in the long form often, for as long as the lease
        random_pause
        random_pause
        [ "$broken" != black ] && { [ -z "${BOURSE_SOAK:-}" ] || [ $((RANDOM % 3)) != 0 ]; } || sleep 2
        network pass
        ;;
    esac
done
judge $((180 + cuts * 4)) "seed $seed"
grep -q event=session_lost "$worker_log" || fail "no break was noticed"
echo "$cuts breaks, $(sql "SELECT count(*) FROM chaos.ledger") jobs, $(sql "SELECT count(*) FROM bourse.job_archive WHERE attempt > 1") of them tried more than once; $SECONDS s"
