#!/usr/bin/env bash
# statistics.sh BUILD: fvec against real[] in COPY BINARY and subscripts; ks_test, psi, ic and drift against built-in aggregates.
set -euo pipefail
build=${1:?build folder}
source=$(cd "$(dirname "$0")/.." && pwd)
"$source/workers/setup/cluster.sh" start bench-cluster "$build" >/dev/null
trap '"$source/workers/setup/cluster.sh" delete bench-cluster "$build" >/dev/null' EXIT
# shellcheck disable=SC1091
PGDATABASE=bench_statistics . "$build/bench-cluster.env"
psql -qXd postgres -c "SET client_min_messages = warning" -c "DROP DATABASE IF EXISTS bench_statistics" -c "CREATE DATABASE bench_statistics"
export PGDATABASE=bench_statistics BOURSE_DB="host=$PGHOST port=$PGPORT user=$PGUSER dbname=bench_statistics"
bourse migrate >/dev/null
# 30,000 rows of 158 features; 1,000,000 values; the best of three, one after the other in turns.
psql -qXtA -v ON_ERROR_STOP=1 <<'SQL'
SET max_parallel_workers_per_gather = 0;
SET work_mem = '256MB';
SELECT setseed(0.5);
CREATE TEMP TABLE r AS SELECT (SELECT array_agg(random()) FROM generate_series(1, 158) WHERE i > 0)::real[] AS f FROM generate_series(1, 30000) AS i;
CREATE TEMP TABLE v AS SELECT f::bourse.fvec AS f FROM r;
CREATE TEMP TABLE s AS SELECT random() AS v, i % 2 = 0 AS c FROM generate_series(1, 1000000) AS i;
INSERT INTO bourse.feature_set (feature_set_id, name, version, freq, features, expressions) OVERRIDING SYSTEM VALUE
SELECT 9001, 'bench', 1, '1d', array_agg('f' || i ORDER BY i), array_agg('$close'::text ORDER BY i) FROM generate_series(1, 158) AS i;
CREATE TABLE bourse.feature_value_bench PARTITION OF bourse.feature_value FOR VALUES IN (9001);
INSERT INTO bourse.feature_value SELECT 9001, n % 500, '2020-01-01'::timestamptz + n / 500 * interval '1 day', '2021-01-01', f FROM (SELECT f, row_number() OVER () AS n FROM v) AS q;
INSERT INTO bourse.drift_reference SELECT 9001, 'f' || k, k, 5000, 0, (SELECT array_agg(i / 10.0) FROM generate_series(1, 9) AS i), array_fill(500, ARRAY[10]), (SELECT array_agg(i / 5000.0 ORDER BY i) FROM generate_series(1, 5000) AS i) FROM generate_series(1, 158) AS k;
ANALYZE;
CREATE TEMP TABLE took (what text, ms float8);
CREATE TEMP TABLE task (what text, command text);
INSERT INTO task VALUES
    ('COPY BINARY of real[]', $q$COPY r TO '/dev/null' (FORMAT binary)$q$),
    ('COPY BINARY of fvec', $q$COPY v TO '/dev/null' (FORMAT binary)$q$),
    ('sum(real[158])', 'SELECT sum(f[158]) FROM r'),
    ('sum(fvec[158])', 'SELECT sum(f[158]) FROM v'),
    ('percentile_cont, 1e6 values', 'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY v) FROM s'),
    ('ks_test, 1e6 values', 'SELECT bourse.ks_test(v, c) FROM s'),
    ('psi, 1e6 values', 'SELECT bourse.psi(v, c) FROM s'),
    ('corr, 1e6 pairs', 'SELECT corr(v, v) FROM s'),
    ('ic, 1e6 pairs', 'SELECT bourse.ic(v, v) FROM s'),
    ('rank_ic, 1e6 pairs', 'SELECT bourse.rank_ic(v, v) FROM s'),
    ('drift, 158 x 30,000', $q$SELECT count(ks) FROM bourse.drift_statistics(9001, 9001, '-infinity', 'infinity', 'all')$q$);
DO $$
DECLARE
    task record;
    started timestamptz;
BEGIN
    FOR round IN 1 .. 3 LOOP
        FOR task IN SELECT * FROM task LOOP
            started := clock_timestamp();
            EXECUTE task.command;
            INSERT INTO took VALUES (task.what, 1000 * extract(epoch FROM clock_timestamp() - started));
        END LOOP;
    END LOOP;
END $$;
SELECT format('%-30s %8s ms', what, round(min(ms)::numeric, 1)) FROM took GROUP BY what ORDER BY what;
SELECT format('ratio %s / %s: %s', a, b, round(((SELECT min(ms) FROM took WHERE what = a) / (SELECT min(ms) FROM took WHERE what = b))::numeric, 3))
FROM (VALUES ('COPY BINARY of fvec', 'COPY BINARY of real[]'), ('sum(fvec[158])', 'sum(real[158])'), ('ks_test, 1e6 values', 'percentile_cont, 1e6 values'),
             ('psi, 1e6 values', 'percentile_cont, 1e6 values'), ('ic, 1e6 pairs', 'corr, 1e6 pairs')) AS p(a, b);
SQL
