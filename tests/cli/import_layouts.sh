#!/usr/bin/env bash
# Column layouts, separators, times, factors.
. "$(dirname "$0")/import_support.sh"
bar() { sql "SELECT concat_ws(' ', freq, to_char(ts, 'YYYY-MM-DD HH24:MI'), open, high, low, close, coalesce(volume::text, '-'), coalesce(amount::text, '-'), adj_factor)
             FROM bourse.bar JOIN bourse.instrument USING (instrument_id) WHERE symbol = '$1' ORDER BY freq, ts LIMIT 1"; }

printf '%s\n' 1704067200000,1,2,0.5,1.5,10,1704070799999,15,3,5,7,0 1704070800000,1.5,2,1,1.5,10,1704074399999,15,3,5,7,0 >"$work/AAUSDT-1h-2024-01.csv"
bourse import "$work/AAUSDT-1h-2024-01.csv" >/dev/null
equal "1h 2024-01-01 00:00 1 2 0.5 1.5 10 15 1" "$(bar AAUSDT)" "klines without a header"
printf '%s\n' 1704067200000000,1,2,0.5,1.5,10,1704070799999999,15,3,5,7,0 >"$work/ABUSDT-1h-2025.csv"
bourse import "$work/ABUSDT-1h-2025.csv" >/dev/null
equal "1h 2024-01-01 00:00 1 2 0.5 1.5 10 15 1" "$(bar ABUSDT)" "microseconds"
printf '%s\n' 'close_time,open,high,low,close,volume' 1704070799999,1,2,0.5,1.5,10 >"$work/ACUSDT_1h.csv"
bourse import "$work/ACUSDT_1h.csv" --map ts=close_time --ts-is close >/dev/null
equal "1h 2024-01-01 00:00 1 2 0.5 1.5 10 - 1" "$(bar ACUSDT)" "times of the close"
printf '%s\n' 'Date,Open,High,Low,Close,Adj Close,Volume' 2024-01-02,10,11,9,10,5,100 2024-01-03,10,11,9,10,5,100 >"$work/YHO.csv"
bourse import "$work/YHO.csv" >/dev/null
equal "1d 2024-01-02 00:00 10 11 9 10 100 - 0.5" "$(bar YHO)" yahoo
printf '%s\n' 'symbol,date,open,high,low,close,volume,factor' QLB,2024-01-02,20,22,18,20,100,2 >"$work/q.csv"
bourse import "$work/q.csv" >/dev/null
equal "1d 2024-01-02 00:00 10 11 9 10 200 - 2" "$(bar QLB)" "qlib: adjusted prices become traded ones"
printf '%s\n' 'Price,Close,High,Low,Open,Volume' 'Ticker,YFN,YFN,YFN,YFN,YFN' 'Date,,,,,' 2024-01-02,10,11,9,10,100 >"$work/yf.csv"
bourse import "$work/yf.csv" >/dev/null
equal "1d 2024-01-02 00:00 10 11 9 10 100 - 1" "$(bar YFN)" "yfinance's header"
printf '%s\n' '<TICKER>;<PER>;<DATE>;<TIME>;<OPEN>;<HIGH>;<LOW>;<CLOSE>;<VOL>' 'FIN;60;20240102;100000;10;11;9;10;1' 'FIN;60;20240102;110000;10;11;9;10;1' >"$work/fin.txt"
bourse import "$work/fin.txt" --time-zone Europe/Moscow >/dev/null
equal "1h 2024-01-02 07:00 10 11 9 10 1 - 1" "$(bar FIN)" "date and clock in two columns, a zone"
printf '%s\n' 'time,open,high,low,close' 1/2/2024,10,11,9,10 1/3/2024,10,11,9,10 >"$work/USD1.csv"
bourse import "$work/USD1.csv" --symbol MINE --exchange XNAS --calendar XNYS >/dev/null
equal "1d 2024-01-02 00:00 10 11 9 10 - - 1" "$(bar MINE)" "M/D/YYYY, no volume"
equal "XNAS XNYS" "$(sql "SELECT exchange || ' ' || calendar FROM bourse.instrument WHERE symbol = 'MINE'")" "exchange and calendar"
printf '%s\n' 'trade_date,sym,o,h,l,px,adj_close' 20240102,OPT,10,11,9,10,7 >"$work/o.csv"
bourse import "$work/o.csv" --map symbol=sym,close=adj_close,low=adj_close --freq day >/dev/null
equal "1d 2024-01-02 00:00 10 11 7 7 - - 1" "$(bar OPT)" "--map"
gzip -c "$work/YHO.csv" >"$work/GZP.csv.gz"
bourse import "$work/GZP.csv.gz" >/dev/null
equal "1d 2024-01-02 00:00 10 11 9 10 100 - 0.5" "$(bar GZP)" gzip
if [ -d "$shared/us/sp500_2016_2026" ] && ! bourse import /dev/null --format parquet 2>&1 | grep -q 'built without Arrow'; then
    bourse import "$shared/us/sp500_2016_2026/CMG.parquet" >/dev/null
    equal "2515 2514 0 0 0 1 0 f" "$(counts)" "two-level pandas columns; one broken bar (README)"
    bourse import "$shared/parquet/writers/arrow22_date32_multi_ohlcv.parquet" >/dev/null
    equal "98250 98245 0 0 0 5 0 f" "$(counts)" "date32, 5 rows with null prices (README)"
    bourse import "$shared/parquet/writers/polars_zstd_minute_3rowgroups.parquet" --symbol 600000.SH --time-zone Asia/Shanghai --ts-is close >/dev/null 2>&1
    equal "552720 552720 0 0 0 0 0 f" "$(counts)" "three row groups of minutes"
fi
# --dry-run counts and leaves nothing
before=$(sql "SELECT (SELECT count(*) FROM bourse.data_version), (SELECT count(*) FROM bourse.bar), (SELECT count(*) FROM bourse.instrument), (SELECT count(*) FROM bourse.data_file)")
bourse --json import "$work/YHO.csv" --symbol DRY --dry-run | grep -q '"rows_loaded": 2' || fail "the dry run does not count"
equal "$before" "$(sql "SELECT (SELECT count(*) FROM bourse.data_version), (SELECT count(*) FROM bourse.bar), (SELECT count(*) FROM bourse.instrument), (SELECT count(*) FROM bourse.data_file)")" "after a dry run"
