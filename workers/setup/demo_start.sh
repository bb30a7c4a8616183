#!/usr/bin/env bash
# demo_start.sh BUILD: starts (or reuses) the private demo cluster, migrated, with one worker; writes BUILD/demo.env.
set -euo pipefail
build=${1:?build folder} here=$(cd "$(dirname "$0")" && pwd)

"$here/cluster.sh" start demo "$build"
# shellcheck disable=SC1091
. "$build/demo.env"
if [ -z "$(psql -qXAtd postgres -c "SELECT 1 FROM pg_database WHERE datname = 'bourse'")" ]; then
    psql -qXd postgres -c 'CREATE DATABASE bourse'
fi
bourse migrate | tail -1

# One worker in the background; its pid file tells whether the last one still lives.
pid_file=$build/demo-worker.pid
if [ ! -f "$pid_file" ] || ! kill -0 "$(cat "$pid_file")" 2>/dev/null; then
    setsid nohup bourse worker >>"$build/demo-worker.log" 2>&1 </dev/null &
    echo $! >"$pid_file"
fi
echo "worker: pid $(cat "$pid_file"), log $build/demo-worker.log"
echo "environment: . $build/demo.env"
