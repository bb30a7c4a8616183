"""client.py CONNINFO [SAVE_AS]: fourteen factors of every instrument from the bar table into a float32 matrix in this
process; seconds from the statement to the matrix: as instruments' blocks in a new session, and once more in the same;
with SAVE_AS also as rows of fvec by COPY BINARY."""
import sys
import time

import numpy as np
import psycopg

from expressions import FACTORS


def grown(array, rows):
    larger = np.empty((2 * rows, *array.shape[1:]), array.dtype)
    larger[:len(array)] = array
    return larger


def by_blocks(connection):
    """docs/how-to/read-features.md, "What is not stored"."""
    symbols, rows, columns = [], 0, len(FACTORS)
    matrix = np.empty(((256 << 20) // (4 * columns), columns), "<f4")  # pages that nothing is written to cost nothing
    times = np.empty(len(matrix), "<M8[us]")
    np.empty(1 << 24, "u1")  # and is dropped: the C library then keeps what a row leaves behind for the next one
    with connection.cursor() as cursor:
        for symbol, ts_us, features in cursor.stream(
                "SELECT symbol, ts_us, features FROM bourse.evaluate_matrix(%s)", [FACTORS], binary=True):
            end = rows + len(ts_us) // 8
            if end > len(matrix):
                matrix, times = grown(matrix, end), grown(times, end)
            matrix[rows:end] = np.frombuffer(features, "<f4").reshape(-1, columns)
            times[rows:end] = np.frombuffer(ts_us, "<M8[us]")
            symbols.append((symbol, end - rows))
            rows = end
    return symbols, times[:rows], matrix[:rows]


def by_rows(connection):
    symbols, times, rows = [], [], []
    array = "ARRAY[" + ",".join(f"'{f}'" for f in FACTORS) + "]"
    with connection.cursor() as cursor, cursor.copy(
            f"COPY (SELECT symbol, ts, features FROM bourse.evaluate_panel({array})) TO STDOUT (FORMAT binary)") as copy:
        copy.set_types(["text", "int8", "bytea"])
        for symbol, ts, features in copy.rows():
            symbols.append(symbol)
            times.append(ts)
            rows.append(features[4:])
    return symbols, times, np.frombuffer(b"".join(rows), "<f4").reshape(len(rows), len(FACTORS))


connection = psycopg.connect(sys.argv[1], autocommit=True)
connection.execute("SET work_mem = '512MB'")  # else the answer as rows goes through a file
for name in ("first", "again"):
    start = time.perf_counter()
    symbols, ts, matrix = by_blocks(connection)
    print(f"{name} {time.perf_counter() - start:.3f}")
if len(sys.argv) > 2:
    np.savez(sys.argv[2], symbols=[s for s, n in symbols for _ in range(n)], matrix=matrix)
    start = time.perf_counter()
    rows = by_rows(connection)[2]
    print(f"rows {time.perf_counter() - start:.3f}")
    assert np.array_equal(rows, matrix, equal_nan=True)
