#!/usr/bin/env bash
# features_large.sh BUILD: the first refresh of alpha158 over 5,000 instruments and ten years of weekdays, and what it needs:
# the most memory of the worker and of its child, and the time. Some 25 GB of disk. FEATURE_INSTRUMENTS (5000).
set -euo pipefail
build=$(realpath "${1:?build folder}")
source=$(cd "$(dirname "$0")/.." && pwd)
instruments=${FEATURE_INSTRUMENTS:-5000}
"$source/workers/setup/cluster.sh" start bench-cluster "$build" >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"; "$source/workers/setup/cluster.sh" delete bench-cluster "$build" >/dev/null' EXIT
# shellcheck disable=SC1091
PGDATABASE=postgres . "$build/bench-cluster.env"
psql -qXd postgres -c "CREATE DATABASE bench_features_large"
export PGDATABASE=bench_features_large BOURSE_DB="host=$PGHOST port=$PGPORT user=$PGUSER dbname=bench_features_large"
sql() { psql -XqAt -v ON_ERROR_STOP=1 -c "SET client_min_messages = warning" "$@"; }

bourse migrate >/dev/null
sql -c "ALTER DATABASE bench_features_large SET timezone = 'UTC'"
# Loading is another benchmark: the rows go straight into the table.
sql -c "INSERT INTO bourse.instrument (symbol) SELECT 'S' || s FROM generate_series(1, $instruments) AS s" \
    -c "INSERT INTO bourse.data_version (source) SELECT 'made up' WHERE NOT EXISTS (SELECT FROM bourse.data_version)" \
    -c "INSERT INTO bourse.bar (instrument_id, freq, ts, open, high, low, close, volume, amount, known_at, data_version_id)
        SELECT i.instrument_id, '1d', d, p, p * 1.01, p * 0.99, p * (1 + 0.005 * sin(i.instrument_id * 31 + n)), 1000 + (i.instrument_id * 7919 + n * 37) % 900, 1e5, d + interval '1 day',
            (SELECT max(data_version_id) FROM bourse.data_version)
        FROM bourse.instrument AS i, generate_series(0, 3651) AS n, LATERAL (SELECT timestamptz '2014-01-01 00:00+00' + n * interval '1 day' AS d, 50 + 20 * sin(i.instrument_id + n / 23.0) AS p) AS x
        WHERE extract(isodow FROM d) < 6 ORDER BY i.instrument_id, d" \
    -c "VACUUM ANALYZE bourse.bar" -c "SELECT bourse.refresh_features('alpha158')" >/dev/null
from=$(date +%s.%N)
most=$(python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)' bourse worker --once --slots 2 --kinds refresh_features)
seconds=$(awk -v a="$from" -v b="$(date +%s.%N)" 'BEGIN { printf "%.0f", b - a }')
rows=$(sql -c "SELECT sum(rows) FROM bourse.feature_state")
[ "$(sql -c "SELECT count(*) FROM bourse.feature_dirty")" = 0 ] || { echo "dirty ranges are left" >&2; exit 1; }
echo "$instruments instruments: refreshed in $seconds s; the largest process of the worker took $most MB, of its children $(sql -c "SELECT coalesce(max(max_rss_mb)::int, 0) FROM bourse.job_usage WHERE kind = 'refresh_features'") MB; $rows rows in the last state"
[ "$most" -le 2048 ] || { echo "more than 2 GB" >&2; exit 1; }
