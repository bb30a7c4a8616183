#!/usr/bin/env bash
# SIGSTOP past the lease, then SIGCONT: the daemon alone, a child alone, both. Each line of the ledger is there exactly
# once. BOURSE_CHAOS_FREEZES: how many (default 4).
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/ledger_lib.sh"
freezes=${BOURSE_CHAOS_FREEZES:-4}
take_seed
make_ledger 4
start_worker --slots 2 --lease 1 --poll 0.1 --grace 0.5
frozen=$worker
start_worker --slots 1 --lease 30 --poll 0.1 --grace 0.5
name=$(sql "SELECT worker FROM bourse.worker WHERE pid = $frozen")
kinds=(daemon child both)
for ((i = 0; i < freezes; i++)); do
    kind=${kinds[i < 3 ? i : RANDOM % 3]}
    children=()
    stop=$((SECONDS + 60))
    while [ ${#children[@]} = 0 ]; do # the other worker may take all of it
        [ $SECONDS -lt $stop ] || fail "the worker got no job"
        sql "SELECT chaos.fill(8)" >/dev/null
        random_pause
        read -ra children <"/proc/$frozen/task/$frozen/children" || true
    done
    case $kind in
    daemon) held=("$frozen") ;;
    child) held=("${children[0]}") ;;
    both) held=("$frozen" "${children[@]}") ;;
    esac
    kill -STOP "${held[@]}" 2>/dev/null || true # a child may have ended just now
    if [ $kind = child ]; then # its daemon keeps the lease, and ends it when it has run too long
        until_gone "${held[0]}"
    else # what it held is taken away from it
        until_true "NOT EXISTS (SELECT FROM bourse.job WHERE worker = '$name')"
        kill -CONT "${held[@]}" 2>/dev/null || true
    fi
done
judge $((300 + freezes * 2)) "seed $seed"
kill -0 "$frozen" || fail "the worker is gone"
echo "$freezes freezes, $(sql "SELECT count(*) FROM chaos.ledger") jobs, $(sql "SELECT count(*) FROM bourse.job_archive WHERE attempt > 1") of them tried more than once; $SECONDS s"
