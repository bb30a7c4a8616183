#!/usr/bin/env bash
# import.sh BUILD [ROWS…]: bourse import beside COPY of the same rows into a table with bar's key, in turns, the best of
# three. Prints rows/s, the import's peak memory and, last, the ratio. Wanted: 0.5 or more, and memory that stays.
set -euo pipefail
build=$(realpath "${1:?build folder}"); shift
source=$(cd "$(dirname "$0")/.." && pwd)
sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(100000 600000 2000000)
work=$(mktemp -d)
"$source/workers/setup/cluster.sh" start bench-cluster "$build" >/dev/null
trap '"$source/workers/setup/cluster.sh" delete bench-cluster "$build" >/dev/null; rm -rf "$work"' EXIT
# shellcheck disable=SC1091
PGDATABASE=bench_import . "$build/bench-cluster.env"
psql -qXd postgres -c "SET client_min_messages = warning" -c "DROP DATABASE IF EXISTS bench_import" -c "CREATE DATABASE bench_import"
export PGDATABASE=bench_import BOURSE_DB="host=$PGHOST port=$PGPORT user=$PGUSER dbname=bench_import"
bourse migrate >/dev/null
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }
seconds() { local from; from=$(date +%s.%N); "$@" >/dev/null; awk -v a="$from" -v b="$(date +%s.%N)" 'BEGIN { print b - a }'; }

last=
printf '%10s  %14s  %14s  %10s  %s\n' rows 'COPY rows/s' 'import rows/s' 'memory MB' ratio
for rows in "${sizes[@]}"; do
    # symbols of 2,000 daily bars each, prices with two decimals, the ids that bar would have
    sql -c "COPY (SELECT s, format('B%s_%s', $rows, s), '1d', to_char(date '2000-01-01' + d, 'YYYY-MM-DD'), (100 + s % 50 + d * 0.01)::numeric(10,2), (101 + s % 50 + d * 0.01)::numeric(10,2),
                (99 + s % 50 + d * 0.01)::numeric(10,2), (100.5 + s % 50 + d * 0.01)::numeric(10,2), 1000000 + (s * 7919 + d * 104729) % 900000
            FROM generate_series(1, ($rows / 2000)::int) AS s, generate_series(0, 1999) AS d) TO STDOUT CSV" >"$work/all.csv"
    { echo symbol,date,open,high,low,close,volume; cut -d, -f2,4- "$work/all.csv"; } >"$work/import.csv"
    cut -d, -f1,3- "$work/all.csv" >"$work/peer.csv"
    best_peer= best_import= memory=0
    for _ in 1 2 3; do
        sql -c "DROP TABLE IF EXISTS peer" -c "CREATE TABLE peer (LIKE bourse.bar, PRIMARY KEY (instrument_id, freq, ts))" -c "ALTER TABLE peer ALTER adj_factor DROP NOT NULL, ALTER known_at DROP NOT NULL, ALTER data_version_id DROP NOT NULL" 2>/dev/null
        sql -c CHECKPOINT
        t=$(seconds sql -c "\\copy peer (instrument_id, freq, ts, open, high, low, close, volume) FROM '$work/peer.csv' CSV")
        best_peer=$(awk -v a="${best_peer:-1e9}" -v b="$t" 'BEGIN { print a < b ? a : b }')
        sql -c "TRUNCATE bourse.bar" -c CHECKPOINT
        from=$(date +%s.%N)
        bourse import "$work/import.csv" --again --freq 1d >"$work/out" 2>"$work/err" &
        pid=$!
        while kill -0 $pid 2>/dev/null; do
            peak=$(awk '/VmHWM/ { print int($2 / 1024) }' /proc/$pid/status 2>/dev/null || echo 0)
            if [ "${peak:-0}" -gt "$memory" ]; then memory=$peak; fi
            read -rt 0.05 <> <(:) || true
        done
        wait $pid || { cat "$work/out" "$work/err" >&2; exit 1; }
        t=$(awk -v a="$from" -v b="$(date +%s.%N)" 'BEGIN { print b - a }')
        best_import=$(awk -v a="${best_import:-1e9}" -v b="$t" 'BEGIN { print a < b ? a : b }')
    done
    last=$(awk -v p="$best_peer" -v i="$best_import" 'BEGIN { printf "%.2f", p / i }')
    awk -v n="$rows" -v p="$best_peer" -v i="$best_import" -v m="$memory" -v r="$last" 'BEGIN { printf "%10d  %14d  %14d  %10d  %s\n", n, n / p, n / i, m, r }'
done
echo "ratio import / COPY: $last"
