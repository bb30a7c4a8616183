#!/usr/bin/env bash
# kill -9 of workers and children at random moments: each line of the ledger is there exactly once.
# BOURSE_CHAOS_KILLS: how many (default 50); BOURSE_CHAOS_SEED: the seed of an earlier run.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/ledger_lib.sh"
kills=${BOURSE_CHAOS_KILLS:-50}
jobs=$([ -n "${BOURSE_SOAK:-}" ] && echo 8 || echo 4) # for each kill, and one more for every fourth of them
take_seed
make_ledger

launch() { start_worker --slots 2 --lease 1 --poll 0.1 --grace 1; pair[$1]=$worker; }
declare -A pair
launch a
launch b
hit_workers=0 hit_children=0
while [ $((hit_workers + hit_children)) -lt "$kills" ]; do
    sql "SELECT chaos.fill($jobs)" >/dev/null
    random_pause
    side=$([ $((RANDOM % 2)) = 0 ] && echo a || echo b)
    read -ra children <"/proc/${pair[$side]}/task/${pair[$side]}/children" || true
    if [ $((RANDOM % 4)) != 0 ] && [ ${#children[@]} -gt 0 ]; then
        kill -KILL "${children[RANDOM % ${#children[@]}]}" 2>/dev/null && hit_children=$((hit_children + 1))
    else
        kill -KILL "${pair[$side]}" && hit_workers=$((hit_workers + 1))
        wait "${pair[$side]}" 2>/dev/null || true
        launch "$side"
    fi
done
judge $((240 + kills)) "seed $seed"
again=$(sql "SELECT count(*) FROM bourse.job_archive WHERE attempt > 1")
[ "$again" -gt 0 ] || fail "no kill hit a running job, seed $seed"
echo "killed $hit_workers workers and $hit_children children; $(sql "SELECT count(*) FROM chaos.ledger") jobs, $again of them tried more than once; 0 lost, 0 doubled; $SECONDS s"
