#!/usr/bin/env bash
# features_large.sh BUILD: the first refresh of alpha158 over FEATURE_INSTRUMENTS (5,000) and FEATURE_YEARS (10) of weekdays, and
# what it needs: the most memory of the worker, of its child and of a session of the server, and the time. Some 25 GB of disk.
. "$(dirname "$0")/lib/cluster.sh"
instruments=${FEATURE_INSTRUMENTS:-5000} days=$((${FEATURE_YEARS:-10} * 3652 / 10))
begin "$@"
database bench_features_large
# Loading is another benchmark: the rows go straight into the table.
sql -c "INSERT INTO bourse.instrument (symbol) SELECT 'S' || s FROM generate_series(1, $instruments) AS s" \
    -c "INSERT INTO bourse.data_version (source) SELECT 'made up' WHERE NOT EXISTS (SELECT FROM bourse.data_version)" \
    -c "INSERT INTO bourse.bar (instrument_id, freq, ts, open, high, low, close, volume, amount, known_at, data_version_id)
        SELECT i.instrument_id, '1d', d, p, p * 1.01, p * 0.99, p * (1 + 0.005 * sin(i.instrument_id * 31 + n)), 1000 + (i.instrument_id * 7919 + n * 37) % 900, 1e5, d + interval '1 day',
            (SELECT max(data_version_id) FROM bourse.data_version)
        FROM bourse.instrument AS i, generate_series(0, $days - 1) AS n, LATERAL (SELECT timestamptz '2014-01-01 00:00+00' + n * interval '1 day' AS d, 50 + 20 * sin(i.instrument_id + n / 23.0) AS p) AS x
        WHERE extract(isodow FROM d) < 6 ORDER BY i.instrument_id, d" \
    -c "VACUUM ANALYZE bourse.bar" -c "SELECT bourse.refresh_features('alpha158')" >/dev/null

# A session's own memory, without the buffers that all share: the most of any session, looked at while the worker runs.
watch_sessions() {
    local most=0 pid size
    while sleep 0.5; do
        for pid in $(pgrep -P "$(head -1 "$BOURSE_CLUSTER/data/postmaster.pid")"); do
            size=$(awk '/^RssAnon/ { print int($2 / 1024) }' "/proc/$pid/status" 2>/dev/null || true)
            if [ "${size:-0}" -gt "$most" ]; then most=$size; echo "$most" >"$work/session"; fi
        done
    done
}
echo 0 >"$work/session"
watch_sessions & watcher=$!
from=$(now)
most=$(python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)' bourse worker --once --slots 2 --kinds refresh_features)
seconds=$(since "$from")
kill "$watcher"
rows=$(sql -c "SELECT count(*) FROM bourse.feature_value")
[ "$(sql -c "SELECT count(*) FROM bourse.feature_dirty")" = 0 ] || { echo "dirty ranges are left" >&2; exit 1; }
printf '%s instruments, %s rows: refreshed in %.0f s; the largest process of the worker took %s MB, of its children %s MB, a session of the server %s MB of its own\n' "$instruments" "$rows" "$seconds" "$most" \
    "$(sql -c "SELECT coalesce(max(max_rss_mb)::int, 0) FROM bourse.job_usage WHERE kind = 'refresh_features'")" "$(cat "$work/session")"
[ "$most" -le 2048 ] && [ "$(cat "$work/session")" -le 2048 ] || { echo "more than 2 GB" >&2; exit 1; }
