#!/usr/bin/env bash
# bourse export features: what the file holds is what is stored, bit for bit; nothing is left of an export that did not end.
set -euo pipefail
. "$(dirname "$0")/stored_set.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
empty() { [ -z "$(ls -A "$work/out")" ] || fail "$1 left $(ls "$work/out")"; }
mkdir "$work/out"
make_stored_set 300

# CSV: read back by the server
bourse export features kept --to "$work/out/kept.csv" >"$work/told" || fail "export to CSV"
grep -q 'kept.csv: 6,300 rows of 3 features, ' "$work/told" || fail "told: $(cat "$work/told")"
head -1 "$work/out/kept.csv" | grep -qxF 'symbol,ts,available_at,plain,"with, comma ""and"" quotes",三' || fail "header: $(head -1 "$work/out/kept.csv")"
cat >"$work/compare.sql" <<SQL
CREATE TEMP TABLE back (symbol text, ts timestamptz, available_at timestamptz, a real, b real, c real);
\\copy back FROM '$work/out/kept.csv' (FORMAT csv, HEADER)
WITH stored AS (SELECT i.symbol, v.ts, v.available_at, v.features FROM bourse.feature_value AS v JOIN bourse.instrument AS i USING (instrument_id)),
     read AS (SELECT symbol, ts, available_at, ARRAY[coalesce(a, 'NaN'), coalesce(b, 'NaN'), coalesce(c, 'NaN')]::real[]::bourse.fvec AS features FROM back)
SELECT count(*), count(*) FILTER (WHERE bourse.fvec_bytes(s.features) IS DISTINCT FROM bourse.fvec_bytes(r.features) OR s.available_at IS DISTINCT FROM r.available_at)
FROM stored AS s FULL JOIN read AS r USING (symbol, ts);
SQL
[ "$(sql -f "$work/compare.sql")" = '6300|0' ] || fail "CSV differs: $(sql -f "$work/compare.sql")"

# parts
bourse export features kept:1 --to "$work/out/part.csv" --symbols 'S1,S2' --from 2020-02-01 --until 2020-02-03 >/dev/null
[ "$(tail -n +2 "$work/out/part.csv" | cut -d, -f1-3 | tr '\n' ' ')" = 'S1,2020-02-01T00:00:00Z,2020-02-02T00:00:00Z S1,2020-02-02T00:00:00Z,2020-02-03T00:00:00Z S2,2020-02-01T00:00:00Z,2020-02-02T00:00:00Z S2,2020-02-02T00:00:00Z,2020-02-03T00:00:00Z ' ] ||
    fail "part: $(cat "$work/out/part.csv")"
sql -c "INSERT INTO bourse.universe (name, instrument_id, span) SELECT 'few', instrument_id, '[2020-01-05,2020-01-08)' FROM bourse.instrument WHERE symbol = 'a,\"b\"'"
bourse export features kept --to "$work/out/few.csv" --universe few --json | grep -q '"rows": 3,' || fail "members"
[ "$(cut -d, -f1-2 "$work/out/few.csv" | sort -u | tail -1)" = '"a,""b"""' ] || [ "$(grep -c '^"a,""b""",2020-01-0[567]T00:00:00Z' "$work/out/few.csv")" = 3 ] || fail "few: $(cat "$work/out/few.csv")"
bourse export features kept --to "$work/out/none.csv" --from 2030-01-01 | grep -q ': 0 rows' || fail "no rows"
[ "$(wc -l <"$work/out/none.csv")" = 1 ] || fail "an empty export is its header"
rm "$work"/out/*

# Parquet, read by another program
if bourse export features kept --to "$work/out/kept.parquet" >"$work/told" 2>&1; then
    if fetch_readers; then
        sql -c "COPY (SELECT i.symbol, bourse.to_unix_us(v.ts), bourse.to_unix_us(v.available_at), encode(bourse.fvec_bytes(v.features), 'hex')
                      FROM bourse.feature_value AS v JOIN bourse.instrument AS i USING (instrument_id) ORDER BY v.instrument_id, v.ts) TO STDOUT" >"$work/stored.tsv"
        reader_python - "$work/out/kept.parquet" "$work/stored.tsv" <<'PY' || fail "Parquet differs"
import math, struct, sys
import pyarrow as pa, pyarrow.parquet as pq
table = pq.read_table(sys.argv[1])
utc = pa.timestamp("us", tz="UTC")
assert table.schema.names == ["symbol", "ts", "available_at", "plain", 'with, comma "and" quotes', "三"], table.schema
assert table.schema.types == [pa.string(), utc, utc] + [pa.float32()] * 3, table.schema
columns = [table.column(0).to_pylist(), table.column(1).cast(pa.int64()).to_pylist(), table.column(2).cast(pa.int64()).to_pylist()]
columns += [table.column(k).to_pylist() for k in (3, 4, 5)]
stored = [line.rstrip("\n").split("\t") for line in open(sys.argv[2], encoding="utf-8")]
assert len(stored) == table.num_rows == 6300
nulls = 0
for row, (symbol, ts, available, features) in zip(zip(*columns), stored):
    assert row[:3] == (symbol, int(ts), int(available)), (row, symbol)
    for got, want in zip(row[3:], struct.unpack("<3f", bytes.fromhex(features))):
        nulls += got is None
        assert (got is None) == math.isnan(want) and (got is None or struct.pack("<f", got) == struct.pack("<f", want)), (row, want)
assert nulls > 1000
PY
    else
        echo "pyarrow is not there for Python: the Parquet file was written, not read back"
    fi
    rm "$work/out/kept.parquet"
else
    grep -q '^error: this build cannot write Parquet: Arrow C++ was missing$' "$work/told" || fail "without Arrow: $(cat "$work/told")"
fi
empty "Parquet"

# what is refused, and that it leaves no file and an older file as it was
refused() { # MESSAGE ARGUMENT…
    local message=$1 status=0
    shift
    bourse export features "$@" >"$work/told" 2>&1 || status=$?
    [ $status = 1 ] || fail "status $status for $*"
    grep -qF "$message" "$work/told" || fail "told for $*: $(cat "$work/told")"
    empty "$*"
}
refused 'unknown feature set "kpet"' kpet --to "$work/out/x.csv"
refused 'feature set alpha158:1 is not stored' alpha158 --to "$work/out/x.csv"
refused 'ends with neither .parquet nor .csv' kept --to "$work/out/x.txt"
refused 'unknown symbol "S99"' kept --to "$work/out/x.csv" --symbols S1,S99
refused 'unknown universe "fwe"' kept --to "$work/out/x.csv" --universe fwe
refused 'invalid input syntax for type timestamp' kept --to "$work/out/x.csv" --from yesterdayish
refused 'No such file or directory' kept --to "$work/out/nowhere/x.csv"
status=0
bourse export features kept >/dev/null 2>&1 || status=$?
[ $status = 2 ] || fail "without --to: $status"
# a disk that is full: here a limit of file sizes
mkdir "$work/full"
echo before >"$work/full/x.csv"
status=0
(trap '' XFSZ; ulimit -f 40; bourse export features kept --to "$work/full/x.csv") >"$work/told" 2>&1 || status=$?
[ $status = 1 ] && grep -q 'File too large' "$work/told" || fail "full disk: $status $(cat "$work/told")"
[ "$(ls -A "$work/full") $(cat "$work/full/x.csv")" = 'x.csv before' ] || fail "full disk left $(ls "$work/full")"

# Ctrl-C while it waits for the server; a lock holds it there
partition=$(sql -c "SELECT 'bourse.feature_value_' || feature_set_id FROM bourse.feature_set WHERE name = 'kept'")
for blow in INT TERM KILL; do
    psql -Xqc "BEGIN; LOCK TABLE $partition IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)" >/dev/null 2>&1 &
    holder=$!
    until [ "$(sql -c "SELECT count(*) FROM pg_locks WHERE relation = '$partition'::regclass AND mode = 'AccessExclusiveLock' AND granted")" = 1 ]; do kill -0 $holder; done
    setsid bourse export features kept --to "$work/out/x.csv" >"$work/told" 2>&1 &
    pid=$!
    until [ "$(sql -c "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'bourse export' AND wait_event_type = 'Lock'")" = 1 ]; do
        kill -0 $pid 2>/dev/null || fail "the export ended before $blow: $(cat "$work/told")"
    done
    kill -$blow $pid
    status=0
    wait $pid || status=$?
    sql -c "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = '$partition'::regclass AND mode = 'AccessExclusiveLock'" >/dev/null
    wait $holder 2>/dev/null || true
    [ $status != 0 ] || fail "$blow ended with 0"
    [ $blow = KILL ] || grep -q '^error: cancelled: no file was written$' "$work/told" || fail "$blow: $(cat "$work/told")"
    [ ! -e "$work/out/x.csv" ] || fail "$blow left a file"
    [ $blow = KILL ] || empty $blow
done
rm -f "$work"/out/*

# Ctrl-C while rows come: either no file at all, or it was whole already
sql -c "INSERT INTO bourse.feature_value SELECT feature_set_id, instrument_id, ts + n * interval '1 hour', available_at, features FROM bourse.feature_value, generate_series(1, 23) AS n"
setsid bourse export features kept --to "$work/out/x.csv" >"$work/told" 2>&1 &
pid=$!
while kill -0 $pid 2>/dev/null && [ -z "$(find "$work/out" -name 'x.csv.part.*' -size +0)" ]; do :; done
kill -INT $pid 2>/dev/null || true
status=0
wait $pid || status=$?
if [ $status = 0 ]; then
    [ "$(wc -l <"$work/out/x.csv")" = 151201 ] || fail "a half file"
else
    grep -q '^error: cancelled: no file was written$' "$work/told" || fail "INT while rows come: $(cat "$work/told")"
    empty "INT while rows come"
fi
