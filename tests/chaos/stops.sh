#!/usr/bin/env bash
# Immediate stops of the server at random moments (no check point, no word to its clients), then recovery: each line of
# the ledger is there exactly once. BOURSE_CHAOS_STOPS: how many (default 3).
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/own_cluster.sh"
. "$BOURSE_SOURCE/tests/support/ledger_lib.sh"
stops=${BOURSE_CHAOS_STOPS:-3}
take_seed
make_ledger
for _ in 1 2; do start_worker --slots 2 --lease 2 --poll 0.1 --grace 1; done
for ((i = 0; i < stops; i++)); do
    sql "SELECT chaos.fill(8)" >/dev/null
    booked=$(sql "SELECT count(*) FROM chaos.ledger")
    until_true "(SELECT count(*) > $booked FROM chaos.ledger) OR NOT EXISTS (SELECT FROM bourse.job)"
    random_pause
    cluster crash
    # the same for those who enqueue: the ledger knows which of their transactions committed
    { sql "SELECT chaos.fill(4)" >/dev/null 2>&1 || true; } &
    enqueuing=$!
    random_pause
    [ $((RANDOM % 3)) != 0 ] || cluster crash
    wait "$enqueuing"
done
judge $((60 + stops * 2)) "seed $seed"
for pid in "${workers[@]}"; do kill -0 "$pid" || fail "a worker is gone"; done
grep -q event=session_lost "$worker_log" || fail "the worker did not notice"
echo "$stops stops and some, $(sql "SELECT count(*) FROM chaos.ledger") jobs, $(sql "SELECT count(*) FROM bourse.job_archive WHERE attempt > 1") of them tried more than once; $SECONDS s"
