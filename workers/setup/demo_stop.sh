#!/usr/bin/env bash
# demo_stop.sh BUILD: stops the demo's worker and its cluster; the data stays.
set -euo pipefail
build=${1:?build folder} here=$(cd "$(dirname "$0")" && pwd)
pid_file=$build/demo-worker.pid
if [ -f "$pid_file" ]; then
    pid=$(cat "$pid_file")
    if kill -TERM "$pid" 2>/dev/null; then
        timeout 20 tail --pid="$pid" -f /dev/null || kill -KILL "$pid" 2>/dev/null || true
    fi
    rm -f "$pid_file"
fi
"$here/cluster.sh" stop demo "$build"
echo "demo stopped"
