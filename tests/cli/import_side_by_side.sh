#!/usr/bin/env bash
# Loads side by side: other instruments do not wait; the same file twice loads once; overlapping keys end right.
. "$(dirname "$0")/import_support.sh"
hours() { # SYMBOL CLOSE: a year of hours
    echo time,open,high,low,close,volume
    awk -v c="$2" 'BEGIN { for (h = 0; h < 9000; ++h) printf "%d,10,12,9,%s,1\n", 1672531200 + h * 3600, c }'
}
for s in AAUSDT BBUSDT CCUSDT DDUSDT; do hours $s 10 >"$work/${s}_1h.csv"; done

# four at once, of a frequency whose partitions nobody has made yet
pids=()
for s in AAUSDT BBUSDT CCUSDT DDUSDT; do bourse import "$work/${s}_1h.csv" >/dev/null 2>"$work/$s.err" & pids+=($!); done
for pid in "${pids[@]}"; do wait "$pid" || { cat "$work"/*.err >&2; fail "one of four imports at once failed"; }; done
equal "36000 4" "$(sql "SELECT count(*) || ' ' || count(DISTINCT instrument_id) FROM bourse.bar")" "bars of four imports"

# a load that is not committed yet holds up neither other loads, even of its instrument, nor readers
coproc OPEN { psql -XqAt 2>&1; }
# shellcheck disable=SC2153
echo "BEGIN; INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close) VALUES ('EEUSDT', '1h', '2023-01-01', 1, 1, 1, 1), ('AAUSDT', '1h', '2024-06-01', 1, 1, 1, 1); \\echo ready" >&"${OPEN[1]}"
read -ru "${OPEN[0]}" line
equal ready "$line" "the open load"
hours GGUSDT 10 >"$work/GGUSDT_1h.csv"
hours AAUSDT 11 >"$work/AAUSDT_1h.csv"
for s in GGUSDT AAUSDT; do PGOPTIONS='-c lock_timeout=20s' bourse import "$work/${s}_1h.csv" >"$work/out" 2>&1 || fail "waits for an open load: $(cat "$work/out")"; done
equal "9000 0 9000 0 0 0 0 f" "$(counts)" "overwrites beside an open load"
equal 9000 "$(PGOPTIONS='-c lock_timeout=20s' sql "SELECT count(*) FROM bourse.bars('{AAUSDT}', freq => '1h')")" "readers beside an open load"
echo 'ROLLBACK; \echo done' >&"${OPEN[1]}"
read -ru "${OPEN[0]}" line
equal "done" "$line" "the end of the open load"
eval "exec ${OPEN[1]}>&-"

# the same file four times at once: one loads, the others say so
pids=()
hours FFUSDT 10 >"$work/FFUSDT_1h.csv"
for i in 1 2 3 4; do bourse import "$work/FFUSDT_1h.csv" >"$work/same.$i" 2>&1 & pids+=($!); done
for pid in "${pids[@]}"; do wait "$pid" || { cat "$work"/same.* >&2; fail "one of four imports of one file failed"; }; done
equal 3 "$(cat "$work"/same.* | grep -c 'already loaded')" "imports that found the file loaded"
equal 1 "$(sql "SELECT count(*) FROM bourse.data_file WHERE path LIKE '%FFUSDT%'")" "rows of the file"

# the same keys with other values, COPY beside COPY in opposite orders: no deadlock, every key one of the two
sql "COPY (SELECT symbol, '1d', date '2020-01-01' + d, 10, 12, 9, 10 FROM (SELECT 'G' || g AS symbol, d FROM generate_series(1, 40) AS g, generate_series(0, 99) AS d) AS x ORDER BY symbol, d) TO STDOUT" >"$work/up"
sql "COPY (SELECT symbol, '1d', date '2020-01-01' + d, 10, 12, 9, 11 FROM (SELECT 'G' || g AS symbol, d FROM generate_series(1, 40) AS g, generate_series(0, 99) AS d) AS x ORDER BY symbol DESC, d DESC) TO STDOUT" >"$work/down"
for round in 1 2 3 4 5; do
    pids=()
    for file in up down up down; do sql "\\copy bourse.bar_inbox (symbol, freq, ts, open, high, low, close) FROM '$work/$file'" >"$work/copy.$file" 2>&1 & pids+=($!); done
    for pid in "${pids[@]}"; do wait "$pid" || { cat "$work"/copy.* >&2; fail "a COPY failed beside another in round $round"; }; done
done
equal "4000 t" "$(sql "SELECT count(*) || ' ' || CASE WHEN bool_and(close IN (10, 11)) THEN 't' ELSE 'f' END FROM bourse.bar JOIN bourse.instrument USING (instrument_id) WHERE symbol LIKE 'G%' AND symbol <> 'GGUSDT'")" "bars after the race"
equal 0 "$(sql "SELECT count(*) FROM (SELECT sum(rows_changed) AS n FROM bourse.data_version) AS v, (SELECT count(*) AS n FROM bourse.bar_history) AS h WHERE v.n <> h.n")" "history rows for every change"
