# shellcheck shell=bash
# Sourced by the tests of Qlib data sets.
# shellcheck source=tests/cli/import_support.sh
. "$(dirname "${BASH_SOURCE[0]}")/import_support.sh"

# make_set DIR: a small set of odd cases: a suspended stock whose factor goes on, rows before and after its prices, a
# missing volume, a bar that breaks a rule, a field of its own, a reserved name, a future calendar, spans.
make_set() {
    /usr/bin/python3 - "$1" <<'PY'
import math, pathlib, struct, sys
root = pathlib.Path(sys.argv[1])
days = ["2024-01-%02d" % d for d in (2, 3, 4, 5, 8, 9, 10, 11, 12, 15)]
nan = math.nan
def f32(x): return struct.unpack("<f", struct.pack("<f", x))[0]
def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
def bin_file(code, field, start, values):
    path = root / "features" / code / (field + ".day.bin")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<%df" % (len(values) + 1), start, *values))
write(root / "calendars/day.txt", "".join(d + "\n" for d in days))
write(root / "calendars/day_future.txt", "".join(d + "\n" for d in days + ["2024-01-16", "2024-01-17"]))
write(root / "instruments/all.txt", "COM1\t2024-01-02\t2024-01-15\nSH600000\t2024-01-04\t2024-01-12\nSZ000001\t2024-01-02\t2024-01-15\nSZ399001\t2024-01-02\t2024-01-03\n")
write(root / "instruments/small.txt", "SH600000\t2024-01-04\t2024-01-08\nSH600000\t2024-01-10\t2099-12-31\nSZ000001\t2023-06-12\t2024-01-05\nSZ399001\t2024-01-02\t2024-01-03\n")
for code, start, rows in (("sz000001", 0, 10), ("sh600000", 2, 7), ("_qlib_com1", 0, 10)):
    close = [f32(10 * (1.013 ** i) * (1.7 if code == "sz000001" else 1)) for i in range(rows)]
    factor = [f32(0.37 + 0.01 * (i // 4)) for i in range(rows)]
    fields = {
        "close": close, "open": [f32(c * 0.99) for c in close], "high": [f32(c * 1.02) for c in close], "low": [f32(c * 0.97) for c in close],
        "volume": [f32(123456.7 * (i + 1)) for i in range(rows)], "factor": factor,
        "vwap": [f32(c * 1.001) for c in close], "pe": [nan if i == 1 else f32(i / 3) for i in range(rows)],
    }
    prices = ("open", "high", "low", "close", "volume", "vwap")
    if code == "sz000001":
        for field in prices: fields[field][0] = fields[field][5] = fields[field][9] = nan    # suspended; the factor goes on
        fields["volume"][3] = nan
        fields["high"][6] = f32(1.0)                                                         # below the low: breaks a rule
    for field, values in fields.items(): bin_file(code, field, start, values)
bin_file("sh600000", "late", 5, [1.5, nan, 2.5])
PY
}

# broken PATTERN SHELL: the set $work/good with one thing broken is refused with PATTERN and a remedy
broken() {
    rm -rf "$work/set"
    cp -r "$work/good" "$work/set"
    (cd "$work/set" && eval "$2")
    refused "$1" bourse import --format qlib "$work/set"
    { bourse import --format qlib "$work/set" 2>&1 || true; } | grep -q '^hint: .' || fail "no remedy for: $1"
}
