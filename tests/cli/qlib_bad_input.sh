#!/usr/bin/env bash
# Qlib data sets that cannot be right: file, place and remedy are said, nothing is half loaded.
# shellcheck source=tests/cli/qlib_support.sh
. "$(dirname "$0")/qlib_support.sh"
make_set "$work/good"
bin=features/sh600000/close.day.bin

poke() { /usr/bin/python3 -c "import struct,sys; f=open(sys.argv[1],'r+b'); f.write(struct.pack('<f', float(sys.argv[2])))" "$1" "$2"; }

broken 'calendars cannot be read' 'rm -r calendars'
broken 'features cannot be read' 'rm -r features'
broken 'instruments/all.txt is not there' 'rm instruments/all.txt'
broken 'has no calendar' 'rm calendars/day.txt'
broken 'several calendars: 5min, day' 'cp calendars/day.txt calendars/5min.txt'
broken 'day.txt: line 3: .2024-13-04. is no day or time' 'sed -i 3s/.*/2024-13-04/ calendars/day.txt'
broken 'day.txt: line 4: .2024-01-04. does not come after' 'sed -i 4s/.*/2024-01-04/ calendars/day.txt'
broken 'day.txt: line 10: no session for 32 days before .2024-02-13' 'sed -i 10s/.*/2024-02-13/ calendars/day.txt'
broken 'close.day.bin: truncated: 31 bytes' "truncate -s 31 $bin"
broken 'close.day.bin: truncated: 0 bytes' "truncate -s 0 $bin"
broken 'wrong start index or truncated: 7 values from position 2, where close has 6 from 2' "truncate -s 28 $bin"
broken 'close.day.bin: wrong start index: nan is no position' "poke $bin nan"
broken 'wrong start index: -1.0* is no position' "poke $bin -1"
broken 'wrong start index: 2.5.* is no position in a calendar of 10' "poke $bin 2.5"
broken 'wrong start index: 10.0* is no position' "poke $bin 10"
broken 'wrong start index: 7 values from position 4 do not fit' "poke $bin 4"
broken 'high.day.bin: wrong start index or truncated' "poke features/sh600000/high.day.bin 1"
broken 'wrong start index: its values are of 2024-01-03 to 2024-01-11, instruments/all.txt line 2 says 2024-01-04' 'for f in features/sh600000/*.bin; do poke $f 1; done'
broken 'has no low.day.bin' 'rm features/sh600000/low.day.bin'
broken 'features/sh600001 is of no instrument in instruments/all.txt' 'cp -r features/sh600000 features/sh600001'
broken 'are of the same instrument' 'cp -r features/sh600000 features/SH600000'
broken 'has features and is not in instruments/all.txt' "sed -i '/COM1/d' instruments/all.txt; printf 'COM1\t2024-01-02\t2024-01-15\n' >>instruments/small.txt"
broken 'small.txt: line 2: the span of SH600000, 2024-01-10 to 2099-12-31, overlaps the one of line 1, 2024-01-04 to 2024-01-10' "sed -i '1s/2024-01-08/2024-01-10/' instruments/small.txt"
broken 'small.txt: line 3: the span of SZ000001 ends 2023-01-05, before it begins' "sed -i '3s/2024-01-05/2023-01-05/' instruments/small.txt"
broken 'all.txt: line 2: 2 fields instead of 3' "sed -i '2s/\t2024-01-12//' instruments/all.txt"
broken 'all.txt: line 5: code .600000.XX. has the market XX, which is not known' "printf '600000.XX\t2024-01-02\t2024-01-03\n' >>instruments/all.txt"
broken 'no instrument has a bar' 'rm -r features/*'
broken 'more than --max-reject-ratio 0.2 allows; the first: line 1, high_low_order' 'cp features/sh600000/low.day.bin features/sh600000/high.day.bin; cp features/_qlib_com1/low.day.bin features/_qlib_com1/high.day.bin'
equal "0 0 0 0" "$(sql "SELECT (SELECT count(*) FROM bourse.bar) || ' ' || (SELECT count(*) FROM bourse.instrument) || ' ' || (SELECT count(*) FROM bourse.bar_field) || ' ' || (SELECT count(*) FROM bourse.universe)")" "nothing was loaded"

status=0; bourse import --format qlib --code-style tushare "$work/good" >"$work/log" 2>&1 || status=$?
grep -q "unknown code style 'tushare'" "$work/log" && grep -q 'hint: styles: qlib, lower, suffix' "$work/log" || fail "an unknown style: $(cat "$work/log")"
refused 'are of Qlib data sets' bourse import --code-style suffix "$work/good/calendars/day.txt"
refused 'no bars of 1d' bourse export --format qlib "$work/out"
bourse import --format qlib "$work/good" 2>/dev/null
mkdir "$work/out"; : >"$work/out/file"
refused 'there already and not an empty folder' bourse export --format qlib "$work/out" --calendar XSHG
refused 'symbol "NONE" has no bars' bourse export --format qlib "$work/new" --symbols NONE
[ ! -e "$work/new" ] || fail "a refused export left a folder"
equal "file" "$(ls "$work/out")" "what was there"
bourse import --format qlib --dry-run --again "$work/good" 2>/dev/null | grep -q 'dry run: nothing was written' || fail "dry run"
