#!/usr/bin/env bash
# queue.sh BUILD [JOBS]: our queue and graphile-worker on one cluster, in turns: no-op jobs a second end to end, time from
# enqueue to start on an idle worker, and what the bell costs 64 clients that enqueue. Durable: synchronous_commit is on.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/queue/lib.sh"
jobs=${1:-300000} rounds=${QUEUE_ROUNDS:-5}
install_peer
echo "peer: graphile-worker $peer_version, node $(node --version); completeJobBatchDelay 0, failJobBatchDelay 0, refetchDelay 10 ms; concurrentJobs/localQueue.size as shown"

add_to_peer() {
    sql -d bench_peer -c "SELECT count(*) FROM graphile_worker.add_jobs((SELECT array_agg(('noop', '{}'::json, NULL, now(), 25, NULL, 0, NULL)::graphile_worker.job_spec)
        FROM generate_series(1, $1)))" -c "VACUUM ANALYZE graphile_worker._private_jobs" -c CHECKPOINT >/dev/null
}
# jobs a second of a peer with these settings, module loading and enqueueing left out
drain_peer() {
    local done took
    add_to_peer "$jobs"
    read -r done took <<<"$(peer drain "$1" "$2")"
    [ "$done" = "$jobs" ] || { echo "the peer did $done jobs of $jobs" >&2; exit 1; }
    awk -v n="$done" -v t="$took" 'BEGIN { print n * 1000 / t }'
}
# jobs a second of one worker, its start included
drain_ours() {
    local from took
    enqueue "$jobs"
    sql -c "VACUUM ANALYZE bourse.job" -c CHECKPOINT >/dev/null
    from=$(now)
    bourse worker --once --kinds noop 2>/dev/null
    took=$(since "$from")
    [ "$(sql -c "SELECT count(*) FROM bourse.job")" = 0 ] || { echo "jobs are left" >&2; exit 1; }
    awk -v n="$jobs" -v t="$took" 'BEGIN { print n / t }'
}

# The peer's best settings here, then those against ours in turns.
best=0
for settings in "24 500" "10 500" "24 2000"; do
    # shellcheck disable=SC2086
    rate=$(for _ in 1 2; do drain_peer $settings; done | median)
    printf 'peer with %-9s %9.0f jobs/s\n' "${settings/ //}" "$rate"
    if awk -v a="$rate" -v b="$best" 'BEGIN { exit !(a > b) }'; then best=$rate chosen=$settings; fi
done
: >"$build/queue.ours" >"$build/queue.peer"
# As the peer's trials did: until the write-ahead log is recycled instead of made.
drain_ours >/dev/null; drain_ours >/dev/null
for ((round = 1; round <= rounds; round++)); do
    # shellcheck disable=SC2086
    a=$(drain_ours) b=$(drain_peer $chosen)
    echo "$a" >>"$build/queue.ours"; echo "$b" >>"$build/queue.peer"
    printf 'round %d: ours %9.0f, peer %9.0f jobs/s, %d each\n' "$round" "$a" "$b" "$jobs"
done
throughput=$(ratio "$(median <"$build/queue.ours")" "$(median <"$build/queue.peer")")

# Latency: each worker idles alone, dead rows of the rounds before are gone.
sql -c "TRUNCATE bourse.job_archive" -c "VACUUM ANALYZE bourse.job" -c CHECKPOINT
sql -d bench_peer -c "VACUUM ANALYZE graphile_worker._private_jobs"
: >"$build/queue.ours" >"$build/queue.peer"
for ((round = 1; round <= 3; round++)); do
    bourse worker --kinds noop --log-level debug 2>"$build/queue.log" &
    workers=($!)
    bench_queue_latency "$BOURSE_DB" "$build/queue.log" 200 >>"$build/queue.ours"
    kill -TERM "${workers[0]}"; wait "${workers[0]}"; workers=()
    peer latency 200 >>"$build/queue.peer"
done
column() { cut -d' ' -f"$1" "$build/queue.$2" | median; }
for who in ours peer; do
    printf 'enqueue to start, %s: p50 %.2f ms, p99 %.2f ms from the call; p50 %.2f ms from its commit\n' $who "$(column 1 $who)" "$(column 2 $who)" "$(column 3 $who)"
done
from_call=$(ratio "$(column 1 ours)" "$(column 1 peer)") from_commit=$(ratio "$(column 3 ours)" "$(column 3 peer)")

# The bell: a worker of another kind sleeps, is rung for and finds nothing, against no worker at all.
echo "SELECT bourse.enqueue('noop');" >"$build/queue.pgbench"
enqueue_rate() { pgbench -n -c 64 -j 2 -T "${QUEUE_SECONDS:-8}" -f "$build/queue.pgbench" bench_queue 2>/dev/null | awk '/^tps/ { print $3 }'; }
: >"$build/queue.off" >"$build/queue.on"
for ((round = 1; round <= 3; round++)); do
    sql -c "TRUNCATE bourse.job, bourse.worker" -c CHECKPOINT
    enqueue_rate >>"$build/queue.off"
    sql -c "TRUNCATE bourse.job, bourse.worker" -c CHECKPOINT
    bourse worker --kinds sleep 2>/dev/null &
    workers=($!)
    until [ "$(sql -c "SELECT count(*) FROM bourse.worker WHERE sleeping")" = 1 ]; do
        kill -0 "${workers[0]}" || { echo "the worker has ended before it slept" >&2; exit 1; }
        read -rt 0.05 <> <(:) || true
    done
    enqueue_rate >>"$build/queue.on"
    kill -TERM "${workers[0]}"; wait "${workers[0]}"; workers=()
done
off=$(median <"$build/queue.off") on=$(median <"$build/queue.on")
printf 'enqueue by 64 clients: %.0f/s without a sleeper, %.0f/s with one\n' "$off" "$on"
rm -f "$build"/queue.{ours,peer,on,off,pgbench,log}
echo "ratio throughput ours / peer: $throughput (wanted 3, goal 5)"
echo "ratio enqueue to start p50 ours / peer: $from_commit from the commit (wanted 0.33), $from_call from the call"
echo "ratio enqueue with wake-ups on / off: $(ratio "$on" "$off") (wanted 0.85)"
