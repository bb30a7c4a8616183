#!/usr/bin/env bash
# Parquet files of Binance: symbol and frequency from the name, sums against an independent decoder's.
. "$(dirname "$0")/import_support.sh"
folder=$shared/crypto/binance_um_parquet
need "$folder"
need_parquet
bourse import "$folder"/*.parquet >/dev/null 2>&1
equal "247716|7|2" "$(sql "SELECT count(*), count(DISTINCT instrument_id), count(DISTINCT freq) FROM bourse.bar")" "bars, symbols, frequencies"
equal 0 "$(sql "SELECT count(*) FROM bourse.bar_reject")" rejects
head -1 "$shared/parquet/expected_columns.csv" >"$work/header"
/usr/bin/python3 - "$shared/parquet/expected_columns.csv" >"$work/expected" <<'PY'
import csv, sys
for row in csv.DictReader(open(sys.argv[1])):
    path = row.get("file") or row.get("path")
    if "binance_um_parquet/" in path and row["column"] in ("open", "high", "low", "close", "volume"):
        symbol, freq = path.split("/")[-1].split(".")[0].split("_")
        print(symbol, freq, row["column"], row["rows"], "%.12g" % float(row["sum"]))
PY
sort -o "$work/expected" "$work/expected"
[ "$(wc -l <"$work/expected")" = 70 ] || fail "the oracle has $(wc -l <"$work/expected") sums, not 70"
sql "SELECT symbol, freq, f, count(*), sum(v::numeric) FROM bourse.bar JOIN bourse.instrument USING (instrument_id),
     LATERAL (VALUES ('open', open), ('high', high), ('low', low), ('close', close), ('volume', volume)) AS x (f, v) GROUP BY 1, 2, 3" |
    awk -F'|' '{ printf "%s %s %s %s %.12g\n", $1, $2, $3, $4, $5 }' | sort | diff "$work/expected" - || fail "sums differ"
equal 8 "$(sql "SELECT count(*) FROM pg_class WHERE relname ~ '^bar_(1h|4h)_202[3-6]$'")" partitions
# CSV of the same market with offsets that change with daylight saving: every shared hour is equal (README)
bourse import "$shared/crypto/csv/BTCUSDT_1h_um_2020_2024_tz.csv.zst" >/dev/null
equal "31973 19192 0 12781 0 0 0 f" "$(counts)" "the second source"
# long form, epoch seconds as whole numbers, no volume
bourse import "$shared/crypto/fixtures/pair_btc_eth_1h_1500.parquet" >/dev/null
equal "3000 3000 0 0 0 0 3000 f" "$(counts)" "long form"
