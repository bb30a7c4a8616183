#!/usr/bin/env bash
# Files that cannot be loaded: a clear error, a data_file row, no bars.
. "$(dirname "$0")/import_support.sh"
files() { sql "SELECT count(*) FROM bourse.data_file WHERE state = 'refused'"; }
rows() { printf '%s\n' 'symbol,date,open,high,low,close,volume'; for i in $(seq "$1"); do echo "A$i,2024-01-02,10,11,9,10,1"; done; }

refused 'No such file' bourse import "$work/absent.csv"
refused 'no regular file' bourse import "$work"
equal 0 "$(files)" "rows for files that are not there"

: >"$work/empty.csv"; refused 'is empty' bourse import "$work/empty.csv"
echo 'date,open,high,low,close' >"$work/HEAD.csv"; refused 'no rows' bourse import "$work/HEAD.csv"
printf '%s\n' date,open,high,low 2024-01-02,1,1,1 >"$work/NOCLOSE.csv"; refused 'no column was recognised as close' bourse import "$work/NOCLOSE.csv"
printf '%s\n' date,open,high,low,close 2024-01-02,1,1,1,1 >"$work/prices.csv"; refused 'tells the symbol' bourse import "$work/prices.csv"
printf '%s\n' date,open,high,low,close '2024-01-02 10:00,1,1,1,1' '2024-01-02 10:07,1,1,1,1' >"$work/ODD.csv"; refused 'tell no frequency' bourse import "$work/ODD.csv"
equal 5 "$(files)" "refused files"
equal 0 "$(bars)" "bars of refused files"

# not what the name says
rows 3 >"$work/ok.csv"
gzip -c "$work/ok.csv" >"$work/packed.csv"; refused 'is gzip data, not CSV' bourse import "$work/packed.csv"
cp "$work/ok.csv" "$work/plain.csv.zst"; refused 'is plain text, not zstd data' bourse import "$work/plain.csv.zst"
cp "$work/ok.csv" "$work/plain.parquet"; refused 'not a Parquet file' bourse import "$work/plain.parquet"
head -c 5000 /dev/urandom >"$work/noise.csv"; refused 'not CSV' bourse import "$work/noise.csv"

# cut short
rows 20000 >"$work/long.csv"
zstd -q "$work/long.csv" -o "$work/long.csv.zst"
gzip -k "$work/long.csv"
for packed in zst gz; do
    size=$(stat -c %s "$work/long.csv.$packed")
    for part in 3 $((size / 2)) $((size - 1)); do
        head -c "$part" "$work/long.csv.$packed" >"$work/cut.csv.$packed"
        refused 'cut short\|not zstd data\|not gzip data' bourse import "$work/cut.csv.$packed"
    done
    cp "$work/long.csv.$packed" "$work/damaged.csv.$packed"
    printf '\377\377\377\377' | dd of="$work/damaged.csv.$packed" bs=1 seek=$((size / 2)) conv=notrunc status=none
    status=0; bourse import "$work/damaged.csv.$packed" >/dev/null 2>&1 || status=$?
    [ $status = 1 ] || fail "a damaged .$packed ended with $status"
done
equal 0 "$(bars)" "bars of damaged files"
equal 0 "$(sql "SELECT count(*) FROM bourse.instrument")" "instruments of damaged files"
equal 0 "$(sql "SELECT count(*) FROM bourse.data_file WHERE reason IS NULL OR octet_length(sha256) <> 32")" "refused files without reason or hash"

# rules over the whole file
{ rows 8; echo A9,2024-01-02,x,11,9,10,1; echo A10,2024-01-02,10,9,11,10,1; echo A11,2024-01-02,10,11,9,nan,1; } >"$work/bad.csv"
refused '3 of 11 rows break a rule' bourse import "$work/bad.csv"
equal "11 0 0 0 0 3 0 t" "$(counts)" "a refused load"
equal "0 3" "$(bars) $(sql "SELECT count(*) FROM bourse.bar_reject JOIN bourse.data_version USING (data_version_id) WHERE refused")" "bars and rejects of a refused file"
equal "refused" "$(sql "SELECT state FROM bourse.data_file ORDER BY data_file_id DESC LIMIT 1")" state
refused 'strict' bourse import "$work/bad.csv" --strict --max-reject-ratio 1
bourse import "$work/bad.csv" --max-reject-ratio 0.5 >/dev/null || fail "the ratio was allowed"
equal "11 8 0 0 0 3 0 f" "$(counts)" "allowed by --max-reject-ratio"
equal "bad_number|10|A9|{\"low\": \"9\", \"date\": \"2024-01-02\", \"high\": \"11\", \"open\": \"x\", \"close\": \"10\", \"symbol\": \"A9\", \"volume\": \"1\"}|open 'x' is no number" \
    "$(sql "SELECT rule, line, symbol, raw, reason FROM bourse.bar_reject ORDER BY reject_id DESC LIMIT 1 OFFSET 2")" "the reject of a text"

# duplicates
printf '%s\n' symbol,date,open,high,low,close D,2024-01-02,1,2,1,1 D,2024-01-02,1,2,1,1 D,2024-01-03,1,2,1,1 D,2024-01-03,1,2,1,2 D,2024-01-04,1,2,1,1 >"$work/dup.csv"
bourse import "$work/dup.csv" --max-reject-ratio 0.5 >/dev/null
equal "5 2 0 0 1 2 2 f" "$(counts)" "conflicts rejected"
bourse import "$work/dup.csv" --on-conflict last >/dev/null
equal "5 1 0 2 2 0 3 f" "$(counts)" "the last kept"
equal 2 "$(sql "SELECT close FROM bourse.bars('{D}', '2024-01-03', '2024-01-04')")" "the kept close"
bourse import "$work/dup.csv" --on-conflict first >/dev/null
equal "5 0 1 2 2 0 3 f" "$(counts)" "the first kept"
equal "2|1" "$(sql "SELECT h.close, b.close FROM bourse.bar_history AS h JOIN bourse.bar AS b USING (instrument_id, freq, ts)")" "history and bar after the overwrite"

# options
refused 'unknown frequency' bourse import "$work/ok.csv" --freq 7d
refused 'unknown time zone' bourse import "$work/ok.csv" --time-zone Mars/Olympus
refused 'did you mean close' bourse import "$work/ok.csv" --map clos=x
refused 'no such column' bourse import "$work/ok.csv" --map close=px
status=0; bourse import "$work/ok.csv" --on-conflict maybe >/dev/null 2>&1 || status=$?
equal 2 "$status" "exit of a usage error"
# several files: the good ones load, the exit tells of the bad one
refused 'No such file' bourse import "$work/absent.csv" "$work/ok.csv"
equal "3 0 0 3 0 0 0 f" "$(counts)" "the good file of two"
