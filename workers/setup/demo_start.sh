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

# The worker's signing key: made once a cluster, trusted by its database.
key=$BOURSE_CLUSTER/signing.key
if [ -f "$key" ]; then bourse keygen --show "$key"; else bourse keygen --to "$key" --name demo; fi |
    grep '^SELECT bourse.trust_key' | psql -qXAt -v ON_ERROR_STOP=1 >/dev/null
echo "export BOURSE_SIGNING_KEY_FILE=\"$key\"" >>"$build/demo.env"
export BOURSE_SIGNING_KEY_FILE=$key

# One worker in the background; its pid file tells whether the last one still lives.
pid_file=$build/demo-worker.pid
if [ ! -f "$pid_file" ] || ! kill -0 "$(cat "$pid_file")" 2>/dev/null; then
    setsid nohup bourse worker >>"$build/demo-worker.log" 2>&1 </dev/null &
    echo $! >"$pid_file"
fi
echo "worker: pid $(cat "$pid_file"), log $build/demo-worker.log"
echo "environment: . $build/demo.env"
