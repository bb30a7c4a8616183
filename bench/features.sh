#!/usr/bin/env bash
# features.sh BUILD [SET…]: one more day of 500 instruments, appended to stored sets with 1 and with 10 years of daily
# bars, in turns. For each: the refresh by itself, the day's statistics, and all from the load's commit to fresh features (a
# worker that starts, finds the dirty ranges, makes the job and does it). Last: the ratio of the refreshes, 10 years / 1 year.
. "$(dirname "$0")/lib/cluster.sh"
begin "$@"; shift
sets=("$@")
[ ${#sets[@]} -gt 0 ] || sets=(basic alpha158)
rounds=${FEATURE_ROUNDS:-7}

bars() { # FROM TO: the weekdays of 500 instruments
    echo "SELECT 'S' || s AS symbol, d AS ts, p AS open, p * 1.01 AS high, p * 0.99 AS low, p * (1 + 0.005 * sin(s * 31 + extract(epoch FROM d) / 86400)) AS close,
                 1000 + (s * 7919 + extract(doy FROM d)::int * 37) % 900 AS volume, 1e5 AS amount
          FROM generate_series(1, 500) AS s, generate_series('$1'::timestamptz, '$2', '1 day') AS d, LATERAL (SELECT 50 + 20 * sin(s + extract(epoch FROM d) / 2e6) AS p) AS x
          WHERE extract(isodow FROM d) < 6"
}
refresh() { bourse worker --once --kinds refresh_features 2>/dev/null; }

# Of both histories the last row is the 4th after a checkpoint: a refresh of what reads everything before goes on from
# there, up to 64 rows back, whatever the history.
declare -A begins=([1]=2023-01-01 [10]=2014-03-04)
for years in 1 10; do
    database "bench_features_$years"
    sql -c "COPY ($(bars "${begins[$years]}" 2023-12-31)) TO STDOUT CSV HEADER" >"$work/bars.csv"
    bourse import "$work/bars.csv" --freq 1d >/dev/null
    for name in "${sets[@]}"; do sql -c "SELECT bourse.refresh_features('$name')" >/dev/null; done
    refresh
    sql -c "DELETE FROM bourse.feature_stats_stale" -c "VACUUM ANALYZE" -c CHECKPOINT  # of the appended days the statistics are counted, no others
done

declare -A took whole counted
for ((round = 0; round < rounds; round++)); do
    for years in 1 10; do
        connect "bench_features_$years"
        day=$(date -ud "2024-01-01 + $((round + round / 5 * 2)) days" +%F)
        sql -c "INSERT INTO bourse.bar_inbox (symbol, ts, open, high, low, close, volume, amount, freq) SELECT b.*, '1d' FROM ($(bars "$day" "$day")) AS b" >/dev/null
        from=$(now)
        refresh
        whole[$years]+="$(since "$from") "
        for name in "${sets[@]}"; do
            counted[$name.$years]+="$(statement_seconds "SELECT bourse.refresh_feature_statistics('$name')") "
            took[$name.$years]+="$(sql -c "SELECT t.seconds FROM bourse.feature_state AS t JOIN bourse.feature_set AS s USING (feature_set_id) WHERE s.name = '$name'") "
        done
        [ "$(sql -c "SELECT count(*) FROM bourse.feature_dirty")" = 0 ] || { echo "dirty ranges are left" >&2; exit 1; }
    done
done

ms() { awk '{ printf "%.0f", $1 * 1000 }'; }
for name in "${sets[@]}"; do
    a=$(median <<<"${took[$name.1]}") b=$(median <<<"${took[$name.10]}")
    printf '%-10s refresh of one day of 500 instruments: %s ms with 1 year, %s ms with 10 years (best %s and %s); its statistics %s and %s ms\n' "$name" "$(ms <<<"$a")" "$(ms <<<"$b")" \
        "$(best <<<"${took[$name.1]}" | ms)" "$(best <<<"${took[$name.10]}" | ms)" "$(median <<<"${counted[$name.1]}" | ms)" "$(median <<<"${counted[$name.10]}" | ms)"
    ratios+="$(printf 'ratio %s 10 years / 1 year: %.2f' "$name" "$(ratio "$b" "$a")")"$'\n'
done
printf 'load to fresh, %d sets and the start of a worker: %s ms with 1 year, %s ms with 10 years\n' "${#sets[@]}" "$(median <<<"${whole[1]}" | ms)" "$(median <<<"${whole[10]}" | ms)"
printf '%s' "$ratios"
