#!/usr/bin/env bash
# cancel.sh BUILD [ROUNDS [NAME…]]: latency of cancel requests in long statements, of all or of those whose names begin so. No peer:
# the limit is our own.
set -euo pipefail
build=$(realpath "${1:?build folder}")
source=$(cd "$(dirname "$0")/.." && pwd)
"$source/workers/setup/cluster.sh" fresh cancel-cluster "$build" >/dev/null
trap '"$source/workers/setup/cluster.sh" delete cancel-cluster "$build"' EXIT
# shellcheck disable=SC1091
. "$build/cancel-cluster.env"
psql -Xqd postgres -c 'CREATE DATABASE bourse'
bourse migrate >/dev/null
bourse synthesize --instruments 300 --days 2500 --to "$build/cancel.csv"
bourse import "$build/cancel.csv" >/dev/null 2>&1
rm -f "$build/cancel.csv"

# forest NAME TREES DEPTH FEATURES [OPTION…]: a model of full trees, tests and leaves at random, in by way of a worker
forest() {
    awk -v trees="$2" -v depth="$3" -v width="$4" -f "$source/tests/support/forest.awk" >"$build/cancel.json"
    bourse import-model "$build/cancel.json" --name "$1" "${@:5}" >/dev/null
    rm -f "$build/cancel.json"
}
rm -f "$build/cancel.key"
bourse keygen --to "$build/cancel.key" | grep '^SELECT bourse.trust_key' | psql -Xqd "$BOURSE_DB" >/dev/null
bourse worker --slots 1 --poll 0.2 --signing-key "$build/cancel.key" >"$build/cancel_worker.log" 2>&1 &
worker=$!
forest heavy 500 6 158
forest deep 20 13 60
forest daily 500 6 158 --feature-set alpha158
kill "$worker"
wait "$worker" || true
psql -XqAtd "$BOURSE_DB" -o /dev/null -c "SELECT bourse.create_dataset('whole', 'alpha158', processors => '[\"RobustZScoreNorm\", \"CSRankNorm\"]')" \
    -c "CREATE VIEW public.spine AS SELECT i.symbol, timestamptz '2015-01-01' + n * interval '7 minutes' AS ts
        FROM (SELECT generate_series(1, 20000000) AS n) AS s JOIN bourse.instrument AS i ON i.instrument_id = 1 + n % 300"
"$build/bin/bench_cancel" "$BOURSE_DB" "${2:-9}" "${@:3}"
