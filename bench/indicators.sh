#!/usr/bin/env bash
# indicators.sh BUILD: time per bar of every indicator's kernel, then the window form against the built-in lag.
set -euo pipefail
build=${1:?build folder}
source=$(cd "$(dirname "$0")/.." && pwd)
[ -x "$build/bin/bench_indicators" ] || { echo "bench_indicators was not built: Google Benchmark is missing" >&2; exit 1; }
"$build/bin/bench_indicators" --benchmark_min_time=0.2 2>/dev/null

"$source/workers/setup/cluster.sh" start bench-cluster "$build" >/dev/null
trap '"$source/workers/setup/cluster.sh" delete bench-cluster "$build" >/dev/null' EXIT
# shellcheck disable=SC1091
PGDATABASE=bench_indicators . "$build/bench-cluster.env"
psql -qXd postgres -c "SET client_min_messages = warning" -c "DROP DATABASE IF EXISTS bench_indicators" -c "CREATE DATABASE bench_indicators"
export PGDATABASE=bench_indicators BOURSE_DB="host=$PGHOST port=$PGPORT user=$PGUSER dbname=bench_indicators"
bourse migrate >/dev/null
# One million rows, 500 partitions, in order already; the best of three, one after the other in turns.
psql -qXtA -v ON_ERROR_STOP=1 <<'SQL'
SET work_mem = '256MB';
SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE b AS SELECT s, t, 100 + sin(s + t) + 1 AS high, 100 + sin(s + t) - 1 AS low, 100 + sin(s + t) AS close
FROM generate_series(1, 500) AS s, generate_series(1, 2000) AS t;
CREATE INDEX ON b (s, t);
CLUSTER b USING b_s_t_idx;
ANALYZE b;
SET enable_sort = off;
CREATE TEMP TABLE took (what text, ms float8);
DO $$
DECLARE
    what text;
    started timestamptz;
BEGIN
    FOR round IN 1 .. 3 LOOP
        FOREACH what IN ARRAY ARRAY['lag(close)', 'ta.sma(close, 20)', 'ta.ema(close, 20)', 'ta.rsi(close)', 'ta.atr(high, low, close)', 'ta.macd(close)'] LOOP
            started := clock_timestamp();
            EXECUTE format('SELECT count(x) FROM (SELECT %s OVER (PARTITION BY s ORDER BY t) AS x FROM b) AS q', what);
            INSERT INTO took VALUES (what, 1000 * extract(epoch FROM clock_timestamp() - started));
        END LOOP;
    END LOOP;
END $$;
SELECT format('%-28s %8s ms a million rows', what, round(min(ms)::numeric, 1)) FROM took GROUP BY what ORDER BY min(ms);
SELECT format('ratio %s / lag: %s', what, round((min(ms) / (SELECT min(ms) FROM took WHERE what = 'lag(close)'))::numeric, 2))
FROM took WHERE what <> 'lag(close)' GROUP BY what ORDER BY what;
SQL
