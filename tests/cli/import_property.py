"""Random loads against an independent model of the rules: counts, bars and history; row order does not matter."""
import json, os, random, subprocess, sys, tempfile

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 100
seed = 20240607
rng = random.Random(seed)


def sql(text):
    return subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", text], check=True, capture_output=True, text=True).stdout.splitlines()


def random_row(symbols):
    day = rng.randint(1, 9)
    low = rng.choice([8, 9])
    row = [rng.choice(symbols), "2024-01-%02d" % day, 9, rng.choice([11, 12]), low, rng.choice([9, 10]), rng.choice(["", "5", "7"])]
    fault = rng.random()
    if fault < 0.03: row[5] = "x"
    elif fault < 0.06: row[3] = 8.5
    elif fault < 0.09: row[2] = ""
    elif fault < 0.12: row[4] = -1
    elif fault < 0.14: row[6] = "-3"
    elif fault < 0.16: row[1] = "someday"
    elif fault < 0.18: row[1] += " 05:00"
    return [str(x) for x in row]


def rule_of(row):
    symbol, date, o, h, l, c, v = row
    numbers = {}
    if date == "someday": return "bad_time"
    for name, text in zip("ohlcv", (o, h, l, c, v)):
        if text == "x": return "bad_number"
        numbers[name] = float(text) if text else None
    if any(numbers[n] is None for n in "ohlc"): return "missing_value"
    if " " in date: return "off_grid"
    if min(numbers[n] for n in "ohlc") <= 0: return "nonpositive_price"
    if numbers["h"] < max(numbers["o"], numbers["c"]) or numbers["l"] > min(numbers["o"], numbers["c"]): return "high_low_order"
    if numbers["v"] is not None and numbers["v"] < 0: return "negative_volume"
    return None


def model(rows, mode, store):
    """Returns counts and changes `store`, a dictionary of key -> values."""
    counts = dict(loaded=0, changed=0, unchanged=0, duplicate=0, rejected=0)
    by_key = {}
    for row in rows:
        if rule_of(row): counts["rejected"] += 1
        else: by_key.setdefault((row[0], row[1]), []).append(tuple(float(x) if x else None for x in row[2:]))
    for key, values in by_key.items():
        if len(set(values)) > 1 and mode == "reject":
            counts["rejected"] += len(values)
            continue
        counts["duplicate"] += len(values) - 1
        chosen = values[-1] if mode == "last" else values[0]
        if key not in store: counts["loaded"] += 1
        elif store[key] == chosen: counts["unchanged"] += 1
        else: counts["changed"] += 1
        store[key] = chosen
    return counts


def load(rows, mode, through, folder):
    if through == "import":
        path = os.path.join(folder, "rows.csv")
        with open(path, "w") as f:
            f.write("symbol,date,open,high,low,close,volume\n" + "".join(",".join(r) + "\n" for r in rows))
        done = subprocess.run(["bourse", "--json", "import", path, "--freq", "1d", "--again", "--max-reject-ratio", "1", "--on-conflict", mode], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        got = json.loads(done.stdout)[0]
        return {k: got["rows_" + k] for k in ("loaded", "changed", "unchanged", "duplicate", "rejected")}
    values = ", ".join("('%s', '1d', '%s', %s, %s, %s, %s, %s)" % tuple(x if x else "NULL" for x in r) for r in rows)
    sql("SET timezone = 'UTC'; INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) VALUES " + values)
    return dict(zip(("loaded", "changed", "unchanged", "duplicate", "rejected"), map(int, sql(
        "SELECT rows_loaded, rows_changed, rows_unchanged, rows_duplicate, rows_rejected FROM bourse.data_version ORDER BY data_version_id DESC LIMIT 1")[0].split("|"))))


def bars(prefix):
    out = {}
    for line in sql("SELECT symbol, to_char(ts, 'YYYY-MM-DD'), open, high, low, close, volume FROM bourse.bar JOIN bourse.instrument USING (instrument_id) WHERE symbol LIKE '%s%%'" % prefix):
        f = line.split("|")
        out[(f[0], f[1])] = tuple(float(x) if x else None for x in f[2:])
    return out


with tempfile.TemporaryDirectory() as folder:
    for n in range(ROUNDS):
        mode = rng.choice(["reject", "reject", "first", "last"])
        through = "import" if mode != "reject" or rng.random() < 0.5 else "inbox"
        symbols = ["R%dX%s" % (n, s) for s in "ABC"]
        rows = [random_row(symbols) for _ in range(rng.randint(1, 40))]
        rows += rng.choices(rows, k=rng.randint(0, 6))
        if through == "inbox": rows = [r for r in rows if "x" not in r and r[1] != "someday"] or [[symbols[0], "2024-01-02", "9", "11", "8", "9", ""]]
        store, expected_changes = {}, 0
        for step in range(2):  # the second load meets the bars of the first
            rng.shuffle(rows)
            expected = model(rows, mode, store)
            got = load(rows, mode, through, folder)
            assert got == expected, (seed, n, mode, through, rows, got, expected)
            assert bars(symbols[0][:-1]) == store, (seed, n, mode, through, rows)
            expected_changes += expected["changed"]
            rows = rows + [random_row(symbols) for _ in range(rng.randint(0, 10))]
            if through == "inbox": rows = [r for r in rows if "x" not in r and r[1] != "someday"]
        history = int(sql("SELECT count(*) FROM bourse.bar_history JOIN bourse.instrument USING (instrument_id) WHERE symbol LIKE 'R%dX%%'" % n)[0])
        assert history == expected_changes, (seed, n, history, expected_changes)
        rejected = int(sql("SELECT count(*) FROM bourse.bar_reject WHERE symbol LIKE 'R%dX%%'" % n)[0])
        counted = int(sql("SELECT sum(rows_rejected) FROM bourse.data_version WHERE data_version_id > %d" % 0)[0])
        assert counted == int(sql("SELECT count(*) FROM bourse.bar_reject")[0]), (seed, n, rejected)
print(ROUNDS, "rounds, seed", seed)
