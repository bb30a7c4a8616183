#!/usr/bin/env bash
# The Python of docs/how-to/read-features.md, run as it stands there, against what SQL says. Needs psycopg, numpy, pandas and polars
# from PyPI: fetched once into the build folder; skipped where that cannot be done.
set -euo pipefail
. "$(dirname "$0")/stored_set.sh"
fetch_readers || { echo "skipped: psycopg, numpy, pandas and polars cannot be installed here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
make_stored_set 40
sql -c "CREATE TABLE public.own (symbol text, ts timestamptz, features bourse.fvec)"
# the blocks of the page, in its order
awk '/^```python$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$BOURSE_SOURCE/docs/how-to/read-features.md" >"$work/page.py"
cat "$work/page.py" - >"$work/test.py" <<'PY'

import psycopg

with psycopg.connect("") as connection:
    names, symbols, ts, matrix = read_features(connection, "kept")
    assert names == ["plain", 'with, comma "and" quotes', "三"], names
    assert matrix.shape == (840, 3) and matrix.dtype == np.float32
    # text of SQL as the other way round
    rows = connection.execute("""SELECT i.symbol, to_char(v.ts AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), v.features::real[]
                                 FROM bourse.feature_value v JOIN bourse.instrument i USING (instrument_id) ORDER BY v.ts, i.symbol""").fetchall()
    assert [r[0] for r in rows] == list(symbols)
    assert [r[1] for r in rows] == [str(t) for t in ts]
    wanted = np.array([r[2] for r in rows], np.float32)
    assert wanted.tobytes() != b"" and np.array_equal(wanted, matrix, equal_nan=True)
    assert np.isnan(matrix).sum() > 100 and np.isinf(matrix).sum() > 5
    part = read_features(connection, "kept:1", "2020-01-10", "2020-01-12")
    assert part[3].shape == (42, 3) and set(str(t)[:10] for t in part[2]) == {"2020-01-10", "2020-01-11"}
    nothing = read_features(connection, "kept", "2030-01-01")
    assert nothing[3].shape == (0, 3)

    frame = to_pandas(names, symbols, ts, matrix)
    assert frame.shape == (840, 3) and frame.index.names == ["symbol", "ts"]
    assert frame.loc[("S7", "2020-01-05"), "plain"].item() == wanted[[k for k, r in enumerate(rows) if r[0] == "S7" and r[1].startswith("2020-01-05")][0], 0]
    table = to_polars(names, symbols, ts, matrix)
    assert table.shape == (840, 5) and table.columns == ["symbol", "ts"] + names
    assert np.array_equal(table["三"].to_numpy(), matrix[:, 2], equal_nan=True)

    connection.execute("""INSERT INTO bourse.bar_inbox (symbol, ts, open, high, low, close, volume, freq)
                          SELECT 'S' || i, timestamptz '2024-01-01 00:00+00' + d * interval '1 day', 10 + i, 20 + d, 9, 15 + d, 5, '1d'
                          FROM generate_series(1, 3) AS i, generate_series(0, 3 + i) AS d""")
    symbols_of, ts_of, values = evaluate_matrix(connection, ["$close", "Ref($close,1)+$open"], from_ts="2024-01-02")
    rows = connection.execute("""SELECT symbol, to_char(ts AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), features::real[]
                                 FROM bourse.evaluate_panel(ARRAY['$close', 'Ref($close,1)+$open'], from_ts => '2024-01-02')""").fetchall()
    assert len(rows) == 4 + 5 + 6 and [(r[0], r[1]) for r in rows] == [(s, str(t)) for s, t in zip(symbols_of, ts_of)]
    assert np.array_equal(np.array([r[2] for r in rows], np.float32), values, equal_nan=True)
    assert evaluate_matrix(connection, ["$close"], "all", "2030-01-01")[2].shape == (0, 1)

    write_features(connection, "own", symbols, ts, matrix)
    same = connection.execute("""SELECT count(*), count(*) FILTER (WHERE bourse.fvec_bytes(o.features) = bourse.fvec_bytes(v.features)) FROM public.own o
                                 JOIN bourse.instrument i USING (symbol) JOIN bourse.feature_value v ON v.instrument_id = i.instrument_id AND v.ts = o.ts""").fetchone()
    assert same == (840, 840), same
print("ok")
PY
reader_python "$work/test.py" | grep -qx ok || fail "the page's code"
