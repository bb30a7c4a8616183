#!/usr/bin/env bash
# A folder of CSV files as qlib's dump_bin.py takes them: in, out and in again; what cannot be right is refused with file, line and remedy.
# shellcheck source=tests/cli/qlib_support.sh
. "$(dirname "$0")/qlib_support.sh"
mkdir "$work/good"
printf '%s\n' 'date,open,high,low,close,volume,factor,pe' 2024-01-02,20,22,18,20,100,2,7.5 2024-01-03,20.5,22.25,18,21,100,2, 2024-01-05,10,11,9,10,50,1,8 >"$work/good/SH600000.csv"
printf '%s\n' 'Date,Open,High,Low,Close,Volume' '2024-01-03,1,2,0.5,1.5,' '2024-01-04,1.5,2,1,1.25,30' >"$work/good/sz.000001.csv"
echo 'not a part of it' >"$work/good/README.md"
bourse import --format qlib "$work/good" 2>/dev/null | grep -q 'qlib CSV, 1d' || fail "the layout is not named"
equal "5 5 0 0 0 0 1 f" "$(counts)" counts
equal "SH600000 2024-01-02 10 11 9 10 200 2,SH600000 2024-01-03 10.25 11.125 9 10.5 200 2,SH600000 2024-01-05 10 11 9 10 50 1,SZ000001 2024-01-03 1 2 0.5 1.5 - 1,SZ000001 2024-01-04 1.5 2 1 1.25 30 1" \
    "$(sql "SELECT string_agg(concat_ws(' ', symbol, to_char(ts, 'YYYY-MM-DD'), open, high, low, close, coalesce(volume::text, '-'), adj_factor), ',' ORDER BY symbol, ts)
            FROM bourse.bar JOIN bourse.instrument USING (instrument_id)")" "prices as traded, by hand"
equal "7.5,8" "$(sql "SELECT string_agg(value::text, ',' ORDER BY ts) FROM bourse.bar_field WHERE field = 'pe'")" "a field of its own"
bourse import --format qlib "$work/good" 2>/dev/null | grep -q 'already loaded' || fail "the same folder was loaded twice"

# out and in again, in another database's stead: other symbols
bourse export --format qlib --csv "$work/csv"
[ "$(cd "$work/csv" && echo ./*)" = "./SH600000.csv ./SZ000001.csv" ] || fail "exported files"
bourse import --format qlib --code-style suffix "$work/csv" 2>/dev/null
bourse export --format qlib --csv "$work/csv2" --symbols 600000.SH,000001.SZ
diff -r "$work/csv" "$work/csv2" || fail "the files came back otherwise"
# one file of several instruments
{ echo 'symbol,date,open,high,low,close,factor'; for code in bj430047 688981.SH; do for day in 2 3; do echo "$code,2024-01-0$day,1,2,1,1,1"; done; done; } >"$work/many.csv"
mkdir "$work/many"; mv "$work/many.csv" "$work/many"
bourse import --format qlib "$work/many" 2>/dev/null
equal "BJ430047,SH688981" "$(sql "SELECT string_agg(symbol, ',' ORDER BY symbol) FROM bourse.instrument WHERE symbol ~ '(430047|688981)'")" "codes of any style"
before=$(sql "SELECT (SELECT count(*) FROM bourse.bar) || ' ' || (SELECT count(*) FROM bourse.instrument) || ' ' || (SELECT count(*) FROM bourse.bar_field) || ' ' || (SELECT count(*) FROM bourse.qlib_span)")

broken 'SH600000.csv: line 1: there is no column date among day, open' 'sed -i 1s/date/day/ SH600000.csv'
broken 'sz.000001.csv: line 1: there is no column close among' 'sed -i 1s/Close/Last/ sz.000001.csv'
broken 'SH600000.csv: line 1: two columns are called pe' 'sed -i 1s/factor/PE/ SH600000.csv'
broken 'SH600000.csv: line 3: 2024-01-01 does not come after the row before, in line 2' 'sed -i 3s/2024-01-03/2024-01-01/ SH600000.csv'
broken 'SH600000.csv: line 4: 2024-01-02 is there already, in line 2' 'sed -i 4s/2024-01-05/2024-01-02/ SH600000.csv'
broken "SH600000.csv: line 3: date '2024-13-03' is no day" 'sed -i 3s/2024-01-03/2024-13-03/ SH600000.csv'
broken "SH600000.csv: line 2: pe 'high' is no number" 'sed -i 2s/7.5/high/ SH600000.csv'
broken "SH600000.csv: line 4: close 'inf' is no number" 'sed -i "4s/9,10/9,inf/" SH600000.csv'
broken 'SH600000.csv: line 3: 3 cells, the header has 8' 'sed -i 3s/.*/2024-01-03,20,22/ SH600000.csv'
broken 'there are no rows below the header' 'sed -i 2,9d sz.000001.csv'
broken 'is empty' ': >sz.000001.csv'
broken '600000.XX.csv: code .600000.XX. has the market XX, which is not known' 'mv SH600000.csv 600000.XX.csv'
broken 'SH600000.csv: line 2: SH600000 is in .*600000.SS.csv: line 2, too' 'cp SH600000.csv 600000.SS.csv'
broken 'no file has a row for 27 days before 2024-02-01' 'sed -i "\$a2024-02-01,1,2,1,1,1,1,1" SH600000.csv'
broken 'the files have times of day' 'sed -i "s/2024-01-04/2024-01-04 10:00/" sz.000001.csv'
broken 'more than --max-reject-ratio 0.2 allows; the first: .*/set/SH600000.csv: line 2, high_low_order: .*high 9 ' 'sed -i "s/,22,18,/,18,22,/; s/,22.25,18,/,18,22.25,/" SH600000.csv'
equal "$before" "$(sql "SELECT (SELECT count(*) FROM bourse.bar) || ' ' || (SELECT count(*) FROM bourse.instrument) || ' ' || (SELECT count(*) FROM bourse.bar_field) || ' ' || (SELECT count(*) FROM bourse.qlib_span)")" "nothing was loaded"
# a row that breaks a rule is rejected under its own file and line, whatever position of the calendar it is
mkdir "$work/odd"
{ echo 'date,open,high,low,close'; for day in 01 02 03 04 05; do echo "2024-03-$day,1,2,1,1"; done; } >"$work/odd/SH600001.csv"
{ echo 'date,open,high,low,close'; echo; echo '2024-03-04,1,2,1,1'; echo '2024-03-05,3,2,1,1'; } >"$work/odd/SZ000002.csv"
{ echo 'symbol,date,open,high,low,close'; echo 'SH600002,2024-03-01,1,2,1,1'; for day in 01 04; do echo "SH600003,2024-03-$day,1,2,-1,1"; done; } >"$work/odd/two.csv"
bourse import --format qlib --max-reject-ratio 0.5 "$work/odd" 2>/dev/null
equal "$work/odd/SZ000002.csv 4 SZ000002 2024-03-05 high_low_order high 2, $work/odd/two.csv 3 SH600003 2024-03-01 nonpositive_price, $work/odd/two.csv 4 SH600003 2024-03-04 nonpositive_price" \
    "$(sql "SELECT string_agg(concat_ws(' ', source, line, symbol, to_char(ts, 'YYYY-MM-DD'), rule, substring(reason from 'high 2')), ', ' ORDER BY symbol DESC, line) FROM bourse.bar_reject WHERE source LIKE '%/odd/%'")" "file, line and value of rejects"
bourse import --format qlib --strict --again "$work/odd" >"$work/said" 2>&1 && fail "a strict import took bad rows"
grep -q "and --strict allows none; the first: $work/odd/two.csv: line 3, nonpositive_price: low is -1" "$work/said" || fail "the refusal names no file and line: $(cat "$work/said")"
grep -q '^hint: look at bourse.bar_reject where data_version_id = ' "$work/said" || fail "no remedy"

mkdir "$work/months"
{ echo 'date,open,high,low,close'; for month in 01 02 03 04; do echo "2023-$month-01,1,2,1,1"; done; } >"$work/months/SH600009.csv"
bourse import --format qlib --freq 1mo "$work/months" >/dev/null 2>&1
equal "4 1mo" "$(sql "SELECT count(*), freq FROM bourse.bar JOIN bourse.instrument USING (instrument_id) WHERE symbol = 'SH600009' GROUP BY freq" | tr '|' ' ')" "months"

mkdir "$work/tmp"
status=0; TMPDIR=$work/tmp bourse import --format qlib "$work/set" >/dev/null 2>&1 || status=$?
equal "1 0" "$status $(find "$work/tmp" -mindepth 1 | wc -l)" "nothing is left behind"
