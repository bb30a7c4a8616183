#!/usr/bin/env bash
# A Qlib data set goes in and comes out with the same bytes: the shared A-share sample, and a made set of odd cases.
# shellcheck source=tests/cli/qlib_support.sh
. "$(dirname "$0")/qlib_support.sh"

# same_set A B: every file of both, A's folders of instruments in any case
same_set() {
    /usr/bin/python3 - "$1" "$2" <<'PY'
import pathlib, sys
def files(root):
    root = pathlib.Path(root)
    return {str(p.relative_to(root)).lower(): p.read_bytes() for p in root.rglob("*") if p.is_file()}
a, b = files(sys.argv[1]), files(sys.argv[2])
wrong = [f"only in {sys.argv[1]}: {n}" for n in sorted(a.keys() - b.keys())] + [f"only in {sys.argv[2]}: {n}" for n in sorted(b.keys() - a.keys())]
wrong += [f"differs: {n}" for n in sorted(a.keys() & b.keys()) if a[n] != b[n]]
print("\n".join(wrong[:20]))
sys.exit(1 if wrong or not a else 0)
PY
}

make_set "$work/odd"
bourse import --format qlib "$work/odd" 2>/dev/null
equal "24 23 0 0 0 1 1 f" "$(counts)" "counts of the odd set"
equal "high_low_order" "$(sql "SELECT string_agg(rule, ',') FROM bourse.bar_reject")" "rejected rows"
bourse export --format qlib "$work/odd_again" --calendar XSHG
same_set_of_xshg() { rm -rf "$work/xshg"; cp -r "$work/odd" "$work/xshg"; rm -r "$work/xshg/features/_qlib_com1"; sed -i /COM1/d "$work/xshg/instruments/all.txt"; }
same_set_of_xshg
same_set "$work/xshg" "$work/odd_again" || fail "the odd set came back with other bytes"
refused 'several calendars: none, XSHG' bourse export --format qlib "$work/both"
[ ! -e "$work/both" ] || fail "a refused export left a folder"
bourse export --format qlib "$work/com1" --symbols COM1
cmp "$work/odd/features/_qlib_com1/close.day.bin" "$work/com1/features/_qlib_com1/close.day.bin"

# what the database makes of it: raw prices, membership, fields
equal "t" "$(sql "SELECT bool_and(abs(close * adj_factor - adjusted_close) < 1e-9 AND volume > 0 IS NOT FALSE) FROM bourse_bi.bar")" prices
equal "small|4|t" "$(sql "SELECT name, count(*), bool_or(upper_inf(span)) FROM bourse.universe GROUP BY name")" membership
equal "0" "$(sql "SELECT count(*) FROM bourse.universe WHERE span @> '2024-01-09 00:00Z'::timestamptz AND instrument_id = (SELECT instrument_id FROM bourse.instrument WHERE symbol = 'SH600000')")" "between two spans"
equal "9" "$(sql "SELECT count(*) FROM bourse.bar_field JOIN bourse.instrument USING (instrument_id) WHERE field = 'pe' AND symbol = 'SZ000001'")" "a field of its own"
equal "1.6666666269302368" "$(sql "SELECT value FROM bourse.evaluate('\$pe', 'SZ000001') WHERE ts = '2024-01-09 00:00Z'")" "and in an expression"

# the same set again, another version of it, all or nothing
bourse import --format qlib "$work/odd" 2>/dev/null | grep -q 'already loaded' || fail "the same set was loaded twice"
cp -r "$work/odd" "$work/second"
/usr/bin/python3 - "$work/second/features/sh600000/close.day.bin" "$work/second/features/sz000001/pe.day.bin" <<'PY'
import struct, sys
for path in sys.argv[1:]:
    with open(path, "r+b") as file:
        file.seek(12); file.write(struct.pack("<f", 10.25))
PY
bourse import --format qlib "$work/second" 2>/dev/null
equal "24 0 1 22 0 1 1 f" "$(counts)" "counts of the second version"
bourse export --format qlib "$work/second_again" --calendar XSHG
for one in sh600000/close sz000001/pe sz000001/high; do cmp "$work/second/features/$one.day.bin" "$work/second_again/features/$one.day.bin"; done

# spans of a universe that were written by hand and overlap go out as one, those that meet as two: the set can be read again
sql "INSERT INTO bourse.universe (name, instrument_id, span) SELECT 'hand', instrument_id, span::tstzrange FROM bourse.instrument,
     unnest('{\"[2024-01-03,2024-01-10)\",\"[2024-01-05,2024-01-06)\",\"[2024-01-09,2024-01-11)\",\"[2024-01-11,2024-01-12)\",empty,\"[2024-01-12,)\",\"[2024-01-15,infinity)\"}'::text[]) AS span WHERE symbol = 'SH600000'"
bourse export --format qlib "$work/hand" --calendar XSHG
equal "SH600000 2024-01-03 2024-01-10 SH600000 2024-01-11 2024-01-11 SH600000 2024-01-12 2099-12-31" "$(tr '\t\n' '  ' <"$work/hand/instruments/hand.txt" | sed 's/ $//')" "overlapping spans"
bourse import --format qlib --again "$work/hand" 2>/dev/null
equal 3 "$(sql "SELECT count(*) FROM bourse.universe WHERE name = 'hand'")" "spans that came back"
sql "DELETE FROM bourse.universe WHERE name = 'hand'"

# codes in another style: other symbols, the same files
bourse import --format qlib --code-style suffix "$work/odd" --again 2>/dev/null
equal "600000.SH,000001.SZ" "$(sql "SELECT string_agg(symbol, ',' ORDER BY symbol DESC) FROM bourse.instrument WHERE symbol IN ('600000.SH', '000001.SZ')")" "symbols in the style asked for"
refused 'are both S[HZ][0-9]* in Qlib' bourse export --format qlib "$work/both" --calendar XSHG

# CSV and back: the same bits from dump_bin's own conversion (text to float32)
bourse export --format qlib --csv "$work/csv" --symbols 600000.SH
/usr/bin/python3 - "$work/csv/SH600000.csv" "$work/odd/features/sh600000" <<'PY'
import csv, math, struct, sys
rows = list(csv.DictReader(open(sys.argv[1])))
assert [r["date"] for r in rows][::6] == ["2024-01-04", "2024-01-12"], rows
for field in ("open", "high", "low", "close", "volume", "factor", "vwap", "pe"):
    data = open(f"{sys.argv[2]}/{field}.day.bin", "rb").read()
    bits = struct.unpack(f"<{len(data) // 4 - 1}I", data[4:])
    mine = [struct.unpack("<I", struct.pack("<f", float(r[field]) if r[field] else math.nan))[0] for r in rows]
    assert list(bits) == mine, (field, bits, mine)
PY
bourse import "$work/csv/SH600000.csv" --symbol CSV.SH --calendar XSHG 2>/dev/null
equal "t" "$(sql "SELECT bool_and(abs(a.close / b.close - 1) < 1e-6 AND abs(a.volume / b.volume - 1) < 1e-6 AND a.adj_factor::real = b.adj_factor::real) AND count(*) = 7
    FROM bourse_bi.bar AS a JOIN bourse_bi.bar AS b USING (session) WHERE a.symbol = 'CSV.SH' AND b.symbol = '600000.SH'")" "bars of the CSV"

# bars below a day: the exchange's clock, without its sessions and with them
/usr/bin/python3 - "$work/minutes" <<'PY'
import pathlib, struct, sys
root = pathlib.Path(sys.argv[1])
times = [f"2024-01-{d:02d} {clock}:00" for d in (2, 3) for clock in ("09:30", "09:35", "11:25", "13:00", "14:55")]
for folder in ("calendars", "instruments", "features/sh600519"): (root / folder).mkdir(parents=True)
(root / "calendars/5min.txt").write_text("".join(t + "\n" for t in times))
(root / "instruments/all.txt").write_text("SH600519\t2024-01-02 09:30:00\t2024-01-03 14:55:00\n")
close = [10 + 0.1 * i for i in range(10)]
for name, scale in (("open", 1), ("high", 1.01), ("low", 0.99), ("close", 1), ("volume", 100), ("factor", 0)):
    (root / f"features/sh600519/{name}.5min.bin").write_bytes(struct.pack("<11f", 0, *(c * scale or 1.7 for c in close)))
PY
for sessions in none XSHG; do
    [ $sessions = none ] || bourse calendars load XSHG >/dev/null
    bourse import --format qlib --again "$work/minutes" 2>/dev/null
    bourse export --format qlib --freq 5m "$work/minutes_$sessions" --symbols SH600519
    same_set "$work/minutes" "$work/minutes_$sessions" || fail "5 minute bars came back with other bytes, sessions: $sessions"
done
equal "2024-01-02 01:30:00+00|2024-01-03 06:55:00+00" "$(PGTZ=UTC sql "SELECT min(ts), max(ts) FROM bourse.bar WHERE freq = '5m'")" "instants"

# every other frequency; of months only a missing one is a gap
/usr/bin/python3 - "$work" <<'PY'
import pathlib, struct, sys
clocks = {"1min": ["09:30", "09:31", "14:59"], "15min": ["09:30", "11:15", "13:00"], "30min": ["09:30", "13:30"], "60min": ["09:30", "10:30", "13:00", "14:00"], "240min": ["09:30"]}
sets = {freq: [f"2024-01-{d:02d} {c}:00" for d in (2, 3, 4) for c in own] for freq, own in clocks.items()}
sets["week"] = [f"2024-01-{d:02d}" for d in (1, 8, 15, 29)]
sets["month"] = [f"2023-{m:02d}-01" for m in range(1, 13)]
for freq, times in sets.items():
    root, n = pathlib.Path(sys.argv[1]) / ("freq_" + freq), len(times)
    for folder in ("calendars", "instruments", "features/sh600036"): (root / folder).mkdir(parents=True)
    (root / f"calendars/{freq}.txt").write_text("".join(t + "\n" for t in times))
    (root / "instruments/all.txt").write_text(f"SH600036\t{times[0]}\t{times[-1]}\n")
    close = [10 + 0.1 * i for i in range(n)]
    for name, scale in (("open", 1), ("high", 1.01), ("low", 0.99), ("close", 1), ("volume", 100), ("factor", 0)):
        (root / f"features/sh600036/{name}.{freq}.bin").write_bytes(struct.pack(f"<{n + 1}f", 0, *(c * scale or 1.7 for c in close)))
PY
for freq in 1min 15min 30min 60min 240min week month; do
    bourse import --format qlib "$work/freq_$freq" >/dev/null 2>&1 || fail "no import of $freq"
    bourse export --format qlib --freq $freq "$work/freq_${freq}_out" --symbols SH600036 >/dev/null
    same_set "$work/freq_$freq" "$work/freq_${freq}_out" || fail "bars of $freq came back with other bytes"
done
equal 7 "$(sql "SELECT count(DISTINCT freq) FROM bourse.bar JOIN bourse.instrument USING (instrument_id) WHERE symbol = 'SH600036'")" "frequencies"
sed -i /2023-05/d "$work/freq_month/calendars/month.txt"
refused 'month.txt: line 5: no session for 61 days before .2023-06-01' bourse import --format qlib "$work/freq_month"

sample=$shared/ashare/qlib_sample
need "$sample"
sql "DELETE FROM bourse.universe; DELETE FROM bourse.bar_field; DELETE FROM bourse.bar_history; DELETE FROM bourse.bar; DELETE FROM bourse.qlib_span; DELETE FROM bourse.qlib_calendar; DELETE FROM bourse.calendar; DELETE FROM bourse.instrument"
bourse import --format qlib --traded-volume "$sample" 2>/dev/null
equal "35003 35002 0 0 0 1 6 f" "$(counts)" "counts of the sample"
sql "ANALYZE bourse.bar, bourse.bar_1d, bourse.instrument"  # the tables were emptied: autovacuum may have noted that
bourse export --format qlib --traded-volume "$work/sample_again"
same_set "$sample" "$work/sample_again" || fail "the sample came back with other bytes"
