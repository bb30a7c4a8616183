#!/usr/bin/env bash
# Damaged and truncated Parquet: an error, never a crash, memory bounded; good files of other tables: a clear refusal.
. "$(dirname "$0")/import_support.sh"
folder=$shared/parquet/conformance
need "$folder"
need_parquet
# The sanitizer's shadow memory is terabytes of address space: no limit there.
memory_kb=4000000
if grep -q 'BOURSE_SANITIZE:BOOL=ON' "$BOURSE_BUILD/CMakeCache.txt"; then memory_kb=unlimited; fi
one() { # FILE: ends with 1 and an error, within the time and 4 GB of address space
    local status=0
    (ulimit -v $memory_kb; timeout 120 bourse import "$1" --max-reject-ratio 1 --symbol X >"$work/out" 2>&1) || status=$?
    [ $status = 1 ] || { cat "$work/out" >&2; fail "$1 ended with $status"; }
    grep -q '^error: ' "$work/out" || fail "$1: no error in $(cat "$work/out")"
}
for file in "$folder"/bad/*.parquet "$folder"/good/*.parquet; do one "$file"; done
good=$shared/us/sp500_2016_2026/AAPL.parquet
size=$(stat -c %s "$good")
for part in 4 8 100 $((size / 3)) $((size / 2)) $((size - 8)) $((size - 1)); do
    head -c "$part" "$good" >"$work/AAPL.parquet"
    one "$work/AAPL.parquet"
    grep -q 'damaged or truncated\|not a Parquet file' "$work/out" || fail "cut at $part: $(cat "$work/out")"
done
# single bytes turned over, a seeded choice of places: refused or loaded, never a crash
RANDOM=7
for _ in $(seq 60); do
    cp "$good" "$work/AAPL.parquet"
    chmod u+w "$work/AAPL.parquet"
    printf "\\x$(printf %02x $((RANDOM % 256)))" | dd of="$work/AAPL.parquet" bs=1 seek=$(((RANDOM * 32768 + RANDOM) % size)) conv=notrunc status=none
    status=0
    timeout 60 bourse import "$work/AAPL.parquet" --dry-run --max-reject-ratio 1 >"$work/out" 2>&1 || status=$?
    [ $status -le 1 ] || { cat "$work/out" >&2; fail "a changed byte ended with $status"; }
done
equal 0 "$(bars)" "bars of damaged files"
