# shellcheck shell=bash
# Sourced by the benchmarks of the queue: a cluster of their own (fsync and synchronous_commit on), the peer, medians.
set -euo pipefail
build=$(realpath "${1:?build folder}"); shift
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
peer_version=0.18.0
workers=()

finish() {
    for pid in "${workers[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    "$source/workers/setup/cluster.sh" delete bench-cluster "$build" >/dev/null
}
"$source/workers/setup/cluster.sh" start bench-cluster "$build" >/dev/null
trap finish EXIT
# shellcheck disable=SC1091
PGDATABASE=bench_queue . "$build/bench-cluster.env"
psql -qXd postgres -c "SET client_min_messages = warning" -c "DROP DATABASE IF EXISTS bench_queue" -c "CREATE DATABASE bench_queue" \
    -c "DROP DATABASE IF EXISTS bench_peer" -c "CREATE DATABASE bench_peer"
export PGDATABASE=bench_queue BOURSE_DB="host=$PGHOST port=$PGPORT user=$PGUSER dbname=bench_queue"
bourse migrate >/dev/null
psql -XqAt -c "SELECT bourse.job_maintain()" >/dev/null  # the weeks of the archive, which a worker makes in its first minute

sql() { psql -XqAt -v ON_ERROR_STOP=1 -c "SET client_min_messages = warning" "$@"; }
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { print b - a }'; }

# The peer from npm, in the build folder.
install_peer() {
    command -v npm >/dev/null || { echo "the peer needs Node.js and npm" >&2; exit 1; }
    export PEER_MODULES=$build/deps/peer PEER_DB="postgres:///bench_peer?host=$PGHOST&user=$PGUSER"
    if [ ! -f "$PEER_MODULES/graphile-worker-$peer_version.ok" ]; then
        mkdir -p "$PEER_MODULES"
        (cd "$PEER_MODULES" && npm install --no-audit --no-fund --silent "graphile-worker@$peer_version" >/dev/null)
        touch "$PEER_MODULES/graphile-worker-$peer_version.ok"
    fi
    peer migrate
}
peer() { node "$source/bench/queue/peer.mjs" "$@"; }

enqueue() { sql -c "SELECT cardinality(bourse.enqueue_many('noop', array_fill('{}'::jsonb, ARRAY[$1])))" >/dev/null; }
