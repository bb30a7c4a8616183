#!/usr/bin/env bash
# features_store.sh BUILD: bars to stored alpha158 by one worker's one thread, beside COPY BINARY of the same rows into a
# table with that key; then the matrix read back out, beside COPY BINARY of the same values as real[]. In turns; wall time
# and processor time (the server's, and the worker's with its child) of each; medians and bests.
# FEATURE_INSTRUMENTS (200) × 10 years of weekdays, FEATURE_ROUNDS (3).
. "$(dirname "$0")/lib/cluster.sh"
instruments=${FEATURE_INSTRUMENTS:-200} rounds=${FEATURE_ROUNDS:-3}
begin "$@"
database bench_features_store
sql -c "ALTER DATABASE bench_features_store SET max_parallel_workers_per_gather = 0"
sql -c "COPY (SELECT 'S' || s AS symbol, d AS ts, p AS open, p * 1.01 AS high, p * 0.99 AS low, p * (1 + 0.005 * sin(s * 31 + extract(epoch FROM d) / 86400)) AS close,
                 1000 + (s * 7919 + extract(doy FROM d)::int * 37) % 900 AS volume, 1e5 AS amount
          FROM generate_series(1, $instruments) AS s, generate_series('2014-01-01'::timestamptz, '2023-12-31', '1 day') AS d, LATERAL (SELECT 50 + 20 * sin(s + extract(epoch FROM d) / 2e6) AS p) AS x
          WHERE extract(isodow FROM d) < 6) TO STDOUT CSV HEADER" >"$work/bars.csv"
bourse import "$work/bars.csv" --freq 1d >/dev/null
sql -c "VACUUM ANALYZE"
set_id=$(sql -c "SELECT feature_set_id FROM bourse.feature_set WHERE name = 'alpha158'")

# The worker's own time for the job: from its start to its end, reading, planning and committing included.
store() {
    local from
    from=$(sql -c "SELECT bourse.refresh_features('alpha158')" -c "SELECT clock_timestamp()" | tail -1)
    TIMEFORMAT='%U %S'
    { time bourse worker --once --slots 1 --kinds refresh_features >/dev/null 2>"$work/worker"; } 2>"$work/times"
    worker_cpu=$(awk '{ print $1 + $2 }' "$work/times")
    took=$(sql -c "SELECT extract(epoch FROM max(a.finished_at) - min(a.started_at)) FROM bourse.job_archive AS a WHERE a.kind = 'refresh_features'
                   AND a.finished_at > '$from' AND NOT a.args ? 'helper'")
}
# As before the first refresh, at whose end the index of times is made.
empty() { sql -c "TRUNCATE bourse.feature_value_$set_id, bourse.feature_stats, bourse.feature_stats_stale" -c "DROP INDEX bourse.feature_value_${set_id}_ts_idx" -c CHECKPOINT; }

store
rows=$(sql -c "SELECT count(*) FROM bourse.feature_value_$set_id")
file="$(sql -c "SHOW data_directory")/rows.bin"
sql -c "COPY bourse.feature_value_$set_id TO '$file' (FORMAT binary)" \
    -c "CREATE TABLE peer (feature_set_id int NOT NULL, instrument_id int NOT NULL, ts timestamptz NOT NULL, available_at timestamptz NOT NULL, features bourse.fvec NOT NULL,
                           PRIMARY KEY (feature_set_id, instrument_id, ts))"
for ((round = 0; round < rounds; round++)); do
    sql -c "TRUNCATE peer" -c CHECKPOINT
    server=$(server_seconds)
    from=$(now)
    sql -c "COPY peer FROM '$file' (FORMAT binary)"
    copied+="$(since "$from") "
    copied_cpu+="$(less "$(server_seconds)" "$server") "
    empty
    server=$(server_seconds)
    store
    stored+="$took "
    server_cpu=$(less "$(server_seconds)" "$server")
    stored_server+="$server_cpu "
    stored_worker+="$worker_cpu "
done
[ "$(sql -c "SELECT count(*) FROM bourse.feature_value_$set_id")" = "$rows" ] || { echo "rows are missing" >&2; exit 1; }
printf 'most memory of the worker'"'"'s child: %.0f MB\n' "$(sql -c "SELECT max(max_rss_mb) FROM bourse.job_usage WHERE kind = 'refresh_features'")"
printf '%s rows of 158 features: bars to stored %.1f s (%s), COPY BINARY %.1f s (%s)\n' "$rows" "$(median <<<"$stored")" "$stored" "$(median <<<"$copied")" "$copied"
printf 'processor time, best: storing %.2f s in the server (%s) and %.2f s in the worker (%s), COPY BINARY %.2f s (%s)\n' \
    "$(best <<<"$stored_server")" "$stored_server" "$(best <<<"$stored_worker")" "$stored_worker" "$(best <<<"$copied_cpu")" "$copied_cpu"

# One after the other from the same table, so that both are as cached; the client throws the bytes away.
sql -c "DROP TABLE peer" -c "CREATE TABLE arrays AS SELECT instrument_id, ts, features::real[] AS features FROM bourse.feature_value_$set_id" -c "VACUUM ANALYZE arrays" -c "VACUUM ANALYZE bourse.feature_value"
read_out() { "$build/bin/bench_features_read" "$BOURSE_DB" "$1" "$rounds"; }
arrays=$(read_out "COPY (SELECT instrument_id, ts, features FROM arrays) TO STDOUT (FORMAT binary)")
vectors=$(read_out "COPY (SELECT instrument_id, ts, features FROM bourse.feature_value WHERE feature_set_id = $set_id) TO STDOUT (FORMAT binary)")
printf 'matrix out of the table: fvec %.0f ms, real[] %.0f ms\n' "$vectors" "$arrays"
printf 'ratio store, rows a second / COPY BINARY: %s (of the bests %s, of the server'"'"'s processor time %s, with the worker'"'"'s %s)\n' "$(ratio "$(median <<<"$copied")" "$(median <<<"$stored")")" \
    "$(ratio "$(best <<<"$copied")" "$(best <<<"$stored")")" "$(ratio "$(best <<<"$copied_cpu")" "$(best <<<"$stored_server")")" \
    "$(awk -v a="$(best <<<"$copied_cpu")" -v b="$(best <<<"$stored_server")" -v c="$(best <<<"$stored_worker")" 'BEGIN { printf "%.2f", a / (b + c) }')"
printf 'ratio read, rows a second / COPY BINARY of real[]: %s\n' "$(ratio "$arrays" "$vectors")"
