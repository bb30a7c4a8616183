#!/usr/bin/env bash
# features_store.sh BUILD: bars to stored alpha158 by one worker's one thread, beside COPY BINARY of the same rows into a
# table with that key; then the matrix read back out, beside COPY BINARY of the same values as real[]. In turns, medians.
# FEATURE_INSTRUMENTS (200) × 10 years of weekdays, FEATURE_ROUNDS (3).
set -euo pipefail
build=$(realpath "${1:?build folder}")
source=$(cd "$(dirname "$0")/.." && pwd)
instruments=${FEATURE_INSTRUMENTS:-200} rounds=${FEATURE_ROUNDS:-3}
"$source/workers/setup/cluster.sh" start bench-cluster "$build" >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"; "$source/workers/setup/cluster.sh" delete bench-cluster "$build" >/dev/null' EXIT
# shellcheck disable=SC1091
PGDATABASE=postgres . "$build/bench-cluster.env"
psql -qXd postgres -c "CREATE DATABASE bench_features_store"
export PGDATABASE=bench_features_store BOURSE_DB="host=$PGHOST port=$PGPORT user=$PGUSER dbname=bench_features_store"

sql() { psql -XqAt -v ON_ERROR_STOP=1 -c "SET client_min_messages = warning" "$@"; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { print b - a }'; }
median() { tr ' ' '\n' <<<"$1" | grep . | sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

bourse migrate >/dev/null
sql -c "ALTER DATABASE bench_features_store SET timezone = 'UTC'" -c "ALTER DATABASE bench_features_store SET max_parallel_workers_per_gather = 0"
sql -c "COPY (SELECT 'S' || s AS symbol, d AS ts, p AS open, p * 1.01 AS high, p * 0.99 AS low, p * (1 + 0.005 * sin(s * 31 + extract(epoch FROM d) / 86400)) AS close,
                 1000 + (s * 7919 + extract(doy FROM d)::int * 37) % 900 AS volume, 1e5 AS amount
          FROM generate_series(1, $instruments) AS s, generate_series('2014-01-01'::timestamptz, '2023-12-31', '1 day') AS d, LATERAL (SELECT 50 + 20 * sin(s + extract(epoch FROM d) / 2e6) AS p) AS x
          WHERE extract(isodow FROM d) < 6) TO STDOUT CSV HEADER" >"$work/bars.csv"
bourse import "$work/bars.csv" --freq 1d >/dev/null
set_id=$(sql -c "SELECT feature_set_id FROM bourse.feature_set WHERE name = 'alpha158'")

# The worker's own time for the job: from its start to its end, reading, planning and committing included.
store() {
    sql -c "SELECT bourse.refresh_features('alpha158')" >/dev/null
    bourse worker --once --slots 1 --kinds refresh_features 2>/dev/null
    sql -c "SELECT extract(epoch FROM max(a.finished_at) - min(a.started_at)) FROM bourse.job_archive AS a WHERE a.kind = 'refresh_features'
            AND a.finished_at > '$1' AND NOT a.args ? 'helper'"
}
empty() { sql -c "TRUNCATE bourse.feature_value_$set_id, bourse.feature_stats, bourse.feature_stats_stale" -c CHECKPOINT; }

store "-infinity" >/dev/null
rows=$(sql -c "SELECT count(*) FROM bourse.feature_value_$set_id")
file="$(sql -c "SHOW data_directory")/rows.bin"
sql -c "COPY bourse.feature_value_$set_id TO '$file' (FORMAT binary)" \
    -c "CREATE TABLE peer (feature_set_id int NOT NULL, instrument_id int NOT NULL, ts timestamptz NOT NULL, available_at timestamptz NOT NULL, features bourse.fvec NOT NULL,
                           PRIMARY KEY (feature_set_id, instrument_id, ts))"
for ((round = 0; round < rounds; round++)); do
    sql -c "TRUNCATE peer" -c CHECKPOINT
    from=$(now)
    sql -c "COPY peer FROM '$file' (FORMAT binary)"
    copied+="$(since "$from") "
    empty
    stored+="$(store "$(sql -c "SELECT clock_timestamp()")") "
done
[ "$(sql -c "SELECT count(*) FROM bourse.feature_value_$set_id")" = "$rows" ] || { echo "rows are missing" >&2; exit 1; }
printf 'most memory of the worker'"'"'s child: %.0f MB\n' "$(sql -c "SELECT max(max_rss_mb) FROM bourse.job_usage WHERE kind = 'refresh_features'")"
printf '%s rows of 158 features: bars to stored %.1f s (%s), COPY BINARY %.1f s (%s)\n' "$rows" "$(median "$stored")" "$stored" "$(median "$copied")" "$copied"

# One after the other from the same table, so that both are as cached; the client throws the bytes away.
sql -c "DROP TABLE peer" -c "CREATE TABLE arrays AS SELECT instrument_id, ts, features::real[] AS features FROM bourse.feature_value_$set_id" -c "VACUUM ANALYZE arrays" -c "VACUUM ANALYZE bourse.feature_value"
read_out() { "$build/bin/bench_features_read" "$BOURSE_DB" "$1" "$rounds"; }
arrays=$(read_out "COPY (SELECT instrument_id, ts, features FROM arrays) TO STDOUT (FORMAT binary)")
vectors=$(read_out "COPY (SELECT instrument_id, ts, features FROM bourse.feature_value WHERE feature_set_id = $set_id) TO STDOUT (FORMAT binary)")
printf 'matrix out of the table: fvec %.0f ms, real[] %.0f ms\n' "$vectors" "$arrays"
printf 'ratio store, rows a second / COPY BINARY: %s\n' "$(ratio "$(median "$copied")" "$(median "$stored")")"
printf 'ratio read, rows a second / COPY BINARY of real[]: %s\n' "$(ratio "$arrays" "$vectors")"
