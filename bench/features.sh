#!/usr/bin/env bash
# features.sh BUILD [SET…]: one more day of 500 instruments, appended to stored sets with 1 and with 10 years of daily
# bars, in turns. For each: the refresh by itself, and all from the load's commit to fresh features (a worker that starts,
# finds the dirty ranges, makes the job and does it). Last: the ratio of the refreshes, 10 years / 1 year.
set -euo pipefail
build=$(realpath "${1:?build folder}"); shift
source=$(cd "$(dirname "$0")/.." && pwd)
sets=("$@")
[ ${#sets[@]} -gt 0 ] || sets=(basic alpha158)
rounds=${FEATURE_ROUNDS:-7}
"$source/workers/setup/cluster.sh" start bench-cluster "$build" >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"; "$source/workers/setup/cluster.sh" delete bench-cluster "$build" >/dev/null' EXIT
# shellcheck disable=SC1091
PGDATABASE=postgres . "$build/bench-cluster.env"

sql() { psql -XqAt -v ON_ERROR_STOP=1 -c "SET client_min_messages = warning" "$@"; }
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
now() { date +%s.%N; }
market() { export PGDATABASE=bench_features_$1 BOURSE_DB="host=$PGHOST port=$PGPORT user=$PGUSER dbname=bench_features_$1"; }
bars() { # FROM TO: the weekdays of 500 instruments
    echo "SELECT 'S' || s AS symbol, d AS ts, p AS open, p * 1.01 AS high, p * 0.99 AS low, p * (1 + 0.005 * sin(s * 31 + extract(epoch FROM d) / 86400)) AS close,
                 1000 + (s * 7919 + extract(doy FROM d)::int * 37) % 900 AS volume, 1e5 AS amount
          FROM generate_series(1, 500) AS s, generate_series('$1'::timestamptz, '$2', '1 day') AS d, LATERAL (SELECT 50 + 20 * sin(s + extract(epoch FROM d) / 2e6) AS p) AS x
          WHERE extract(isodow FROM d) < 6"
}
refresh() { bourse worker --once --kinds refresh_features 2>/dev/null; }

for years in 1 10; do
    psql -qXd postgres -c "SET client_min_messages = warning" -c "DROP DATABASE IF EXISTS bench_features_$years" -c "CREATE DATABASE bench_features_$years"
    market "$years"
    bourse migrate >/dev/null
    sql -c "ALTER DATABASE bench_features_$years SET timezone = 'UTC'"
    sql -c "COPY ($(bars "$((2024 - years))-01-01" 2023-12-31)) TO STDOUT CSV HEADER" >"$work/bars.csv"
    bourse import "$work/bars.csv" --freq 1d >/dev/null
    for name in "${sets[@]}"; do sql -c "SELECT bourse.refresh_features('$name')" >/dev/null; done
    refresh
    sql -c "VACUUM ANALYZE" -c CHECKPOINT
done

declare -A took whole
for ((round = 0; round < rounds; round++)); do
    for years in 1 10; do
        market "$years"
        day=$(date -ud "2024-01-01 + $((round + round / 5 * 2)) days" +%F)
        sql -c "INSERT INTO bourse.bar_inbox (symbol, ts, open, high, low, close, volume, amount, freq) SELECT b.*, '1d' FROM ($(bars "$day" "$day")) AS b" >/dev/null
        from=$(now)
        refresh
        whole[$years]+="$(awk -v a="$from" -v b="$(now)" 'BEGIN { print b - a }') "
        for name in "${sets[@]}"; do
            took[$name.$years]+="$(sql -c "SELECT t.seconds FROM bourse.feature_state AS t JOIN bourse.feature_set AS s USING (feature_set_id) WHERE s.name = '$name'") "
        done
        [ "$(sql -c "SELECT count(*) FROM bourse.feature_dirty")" = 0 ] || { echo "dirty ranges are left" >&2; exit 1; }
    done
done

middle() { tr ' ' '\n' <<<"$1" | grep . | median; }
for name in "${sets[@]}"; do
    a=$(middle "${took[$name.1]}") b=$(middle "${took[$name.10]}")
    printf '%-10s refresh of one day of 500 instruments: %.0f ms with 1 year, %.0f ms with 10 years\n' "$name" "$(awk -v x="$a" 'BEGIN { print x * 1000 }')" "$(awk -v x="$b" 'BEGIN { print x * 1000 }')"
    ratios+="$(printf 'ratio %s 10 years / 1 year: %.2f' "$name" "$(awk -v a="$a" -v b="$b" 'BEGIN { print b / a }')")"$'\n'
done
printf 'load to fresh, %d sets and the start of a worker: %.0f ms with 1 year, %.0f ms with 10 years\n' "${#sets[@]}" \
    "$(middle "${whole[1]}" | awk '{ print $1 * 1000 }')" "$(middle "${whole[10]}" | awk '{ print $1 * 1000 }')"
printf '%s' "$ratios"
