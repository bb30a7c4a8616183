#!/usr/bin/env bash
# cancel.sh BUILD: latency of cancel requests in long statements. No peer: the limit is our own.
set -euo pipefail
build=$(realpath "${1:?build folder}")
source=$(cd "$(dirname "$0")/.." && pwd)
"$source/workers/setup/cluster.sh" fresh bench-cluster "$build" >/dev/null
trap '"$source/workers/setup/cluster.sh" delete bench-cluster "$build"' EXIT
# shellcheck disable=SC1091
. "$build/bench-cluster.env"
psql -Xqd postgres -c 'CREATE DATABASE bourse'
bourse migrate >/dev/null
bourse synthesize --instruments 300 --days 2500 --to "$build/cancel.csv"
bourse import "$build/cancel.csv" >/dev/null 2>&1
rm -f "$build/cancel.csv"
"$build/bin/bench_cancel" "$BOURSE_DB" 9
