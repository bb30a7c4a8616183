#!/usr/bin/env bash
# indicators.sh BUILD: the panel form against TA-Lib's C functions (the library of its wheel on PyPI, put into the build
# folder), the window form against the built-in lag, and 100 indicators from a table to a client's matrix against the same
# written with PostgreSQL's window functions. INDICATORS_KERNELS=1 also times every kernel by itself.
# shellcheck source=bench/lib/cluster.sh
. "$(dirname "$0")/lib/cluster.sh"
build=$(realpath "${1:?build folder}")
peer=$build/deps/talib-0.8.2
if [ ! -f "$peer/libta.so" ]; then
    mkdir -p "$peer"
    python3 -m venv "$peer/venv"
    "$peer/venv/bin/pip" --quiet --disable-pip-version-check download --no-deps --only-binary :all: --dest "$peer" TA-Lib==0.8.2
    python3 -m zipfile -e "$peer"/*.whl "$peer/wheel"
    cp "$peer"/wheel/ta_lib.libs/libta-lib-*.so* "$peer/libta.so"
fi
"$build/bin/bench_panel" "$peer/libta.so"

if [ -n "${INDICATORS_KERNELS:-}" ]; then
    [ -x "$build/bin/bench_indicators" ] || { echo "bench_indicators was not built: Google Benchmark is missing" >&2; exit 1; }
    "$build/bin/bench_indicators" --benchmark_min_time=0.2 2>/dev/null
fi

begin "$build"
database bench_indicators
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

# 100 indicators over the shipped sample: from the table to a client in COPY's binary form, and into a table, against the
# same numbers from PostgreSQL's window functions.
bourse import "$source/share/sample/us_30.csv.zst" >/dev/null 2>&1
periods=(5 10 15 20 25 30 35 40 45 50) expressions= columns= windows=
for n in "${periods[@]}"; do
    for name in SMA STDDEV VAR MAX MIN SUM MOM ROC ROCR MIDPOINT; do expressions+="${expressions:+, }'$name(\$close, $n)'"; done
    columns+="${columns:+, }avg(close) OVER w$n, stddev_pop(close) OVER w$n, var_pop(close) OVER w$n, max(close) OVER w$n, min(close) OVER w$n, sum(close) OVER w$n,
        close - lag(close, $n) OVER w, (close / lag(close, $n) OVER w - 1) * 100, close / lag(close, $n) OVER w, (max(close) OVER w$n + min(close) OVER w$n) / 2"
    windows+=", w$n AS (w ROWS $((n - 1)) PRECEDING)"
done
ours="SELECT symbol, ts, features FROM bourse.evaluate_panel(ARRAY[$expressions])"
matrix="SELECT symbol, ts_us, features FROM bourse.evaluate_matrix(ARRAY[$expressions])"
peer="SELECT symbol, ts, ARRAY[$columns]::real[] AS features FROM (SELECT i.symbol, b.ts, b.close::float8 AS close FROM bourse.bar AS b JOIN bourse.instrument AS i USING (instrument_id)
    WHERE b.freq = '1d') AS b WINDOW w AS (PARTITION BY symbol ORDER BY ts)$windows"
sql() { psql -qXtA -v ON_ERROR_STOP=1 -c "SET max_parallel_workers_per_gather = 0" -c "SET client_min_messages = warning" -c "SET work_mem = '256MB'" "$@"; }
sql -c "VACUUM ANALYZE bourse.bar"
# The same numbers, to float32's rounding; windows are full from row 50 on.
wrong=$(sql -c "WITH o AS (SELECT symbol, ts, features::real[] AS f, row_number() OVER (PARTITION BY symbol ORDER BY ts) AS n FROM ($ours) AS x), p AS (SELECT symbol, ts, features AS f FROM ($peer) AS x)
    SELECT count(*) FROM o JOIN p USING (symbol, ts), unnest(o.f, p.f) AS u (a, b) WHERE n > 51 AND (a IS NULL OR abs(a - b) > 1e-5 * greatest(abs(b), 1))")
[ "$wrong" = 0 ] || { echo "$wrong values differ from PostgreSQL's" >&2; exit 1; }
# client: the matrix in a process of libpq (bourse.evaluate_matrix; of window functions a row a bar); table: a temporary
# table of a row a bar, a vector in it. Milliseconds of a statement, by the clock and by the
# processor time of backend and client together; the first statement of a session and the next one; medians of five in turns.
for form in client table; do
    of_ours="COPY ($matrix) TO STDOUT (FORMAT binary)" of_peer="COPY ($peer) TO STDOUT (FORMAT binary)"
    if [ $form = table ]; then of_ours="CREATE TEMP TABLE kept AS $ours" of_peer="CREATE TEMP TABLE kept AS $peer"; fi
    "$build/bin/bench_indicators_client" "$BOURSE_DB options='-c max_parallel_workers_per_gather=0 -c work_mem=256MB'" "$of_ours" "$of_peer" "${INDICATORS_ROUNDS:-5}" |
        awk -v f="$form" '{ ms[$1] = $2; cpu[$1] = $3 + $4 }
            END {
                for (k = split("first next", when, " "); k > 0; --k) {
                    w = when[k]
                    printf "100 indicators, %s, %s statement of a session: ours %.1f ms (processor %.1f), window functions %.0f (%.0f)\n", f, w, ms["ours_" w], cpu["ours_" w], ms["peer_" w], cpu["peer_" w]
                    printf "ratio window functions / ours, %s, %s statement: %.1f (processor %.1f)\n", f, w, ms["peer_" w] / ms["ours_" w], cpu["peer_" w] / cpu["ours_" w]
                }
            }'
done
