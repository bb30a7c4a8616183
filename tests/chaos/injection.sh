#!/usr/bin/env bash
# A worker with injection points crashes at each of them, one after the other: each line of the ledger is there exactly
# once. BOURSE_SOAK: it also freezes and loses its connection at each of them, at the first, second and third passing.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/ledger_lib.sh"
PATH=$BOURSE_BUILD/bin/injected:$PATH
points=${BOURSE_CHAOS_POINTS:-$(BOURSE_INJECT=list bourse)}
[ "$(wc -w <<<"$points")" -ge 1 ] || fail "the points are not listed: $points"
actions=crash passings=1
[ -z "${BOURSE_SOAK:-}" ] || { actions="crash error stop" passings="1 2 3"; }
make_ledger 2
make_stumble
export BOURSE_INJECT_FUSE=$scratch/fuse
sql "CREATE TABLE chaos.long (job_id bigint)"

# break_at POINT PASSING ACTION
break_at() {
    local long='' stop injected point action frozen
    rm -f "$BOURSE_INJECT_FUSE.fired"
    echo "$*" >"$BOURSE_INJECT_FUSE"
    BOURSE_INJECT=$1:$2=$3 start_worker --slots 3 --lease 1 --poll 0.1 --grace 0.5
    injected=$worker
    case $1 in
    *release | *stop)
        long=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 600}', priority => 0, max_attempts => 100)")
        until_logged "job_started job=$long "
        kill -TERM "$injected"
        until_logged event=draining
        kill -TERM "$injected"
        ;;
    *progress) sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 1}', priority => 0, max_attempts => 100)" >/dev/null ;;
    *_take* | *sleep) # one by one: each is a batch, and a rest after it
        stop=$((SECONDS + 60))
        while [ -e "$BOURSE_INJECT_FUSE" ] && [ $SECONDS -lt $stop ]; do
            sql "SELECT bourse.enqueue('noop', max_attempts => 100)" >/dev/null
            while [ -e "$BOURSE_INJECT_FUSE" ] && [ $SECONDS -lt $stop ] && [ "$(sql "SELECT count(*) FROM bourse.job WHERE kind = 'noop'")" != 0 ]; do sleep 0.02; done
        done
        ;;
    esac
    sql "SELECT chaos.fill(3 * $2), chaos.ask_stumble() FROM generate_series(1, $2)" >/dev/null
    until_burnt "$BOURSE_INJECT_FUSE"
    until [ -e "$BOURSE_INJECT_FUSE.fired" ]; do sleep 0.01; done
    read -r point action frozen <"$BOURSE_INJECT_FUSE.fired"
    [ "$point $action" = "$1 $3" ] || fail "not $1 but $point was reached"
    if [ "$3" = stop ]; then # others take over what the frozen process holds, then it thaws
        [ "$frozen" = "$injected" ] || kill -KILL "$injected" # a frozen child goes with its daemon
        start_worker --slots 3 --lease 1 --poll 0.1 --grace 0.5
        [ -z "$long" ] || sql "SELECT bourse.cancel($long)" >/dev/null 2>&1
        until_true "NOT EXISTS (SELECT FROM bourse.job)"
        kill -CONT "$frozen" 2>/dev/null || true
        kill -KILL "$worker"
    fi
    kill -KILL "$injected" 2>/dev/null || true
    wait "$injected" 2>/dev/null || true
    [ -z "$long" ] || sql "SELECT bourse.cancel($long)" >/dev/null 2>&1
}

for action in $actions; do
    for passing in $passings; do
        for point in $points; do
            # a process passes these once
            case "$passing $point" in [23]\ *stop | [23]\ *register | [23]\ *release | [23]\ task_*) continue ;; esac
            break_at "$point" "$passing" "$action"
        done
    done
done
unset BOURSE_INJECT_FUSE
start_worker --slots 3 --lease 1 --poll 0.1
judge 300
echo "broken at $(wc -w <<<"$points") points by: $actions; $(sql "SELECT count(*) FROM chaos.ledger") jobs, $(sql "SELECT count(*) FROM bourse.job_archive WHERE attempt > 1") of them tried more than once; $SECONDS s"
