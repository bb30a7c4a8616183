#!/usr/bin/env python3
"""Writes patterns.csv and patterns_expected.csv beside itself: a series in which every candlestick pattern fires, and
what TA-Lib says of it. Needs the wheels TA-Lib (made with 0.8.2, TA-Lib C 0.8.1) and numpy:

    python3 -m venv v && v/bin/pip install TA-Lib numpy && v/bin/python make_patterns.py

The bars are whole numbers of ticks, so that bodies and shadows tie often and exactly. They are cut around hits in long
random series: each cut has the bars that a pattern looks at."""
import pathlib

import numpy as np
import talib

PATTERNS = talib.get_function_groups()["Pattern Recognition"]
HITS, BEFORE, AFTER = 2, 15, 3  # cuts of each pattern and value; bars around the hit


def random_bars(rng, n):
    bodies = rng.choice([0, 0, 1, 1, 2, 3, 5, 8, 13, 20, 20, 20], n) * rng.choice([-1, 1], n)
    upper, lower = (rng.choice([0, 0, 0, 1, 1, 2, 5, 12, 30], n) for _ in range(2))
    starts, jumps = rng.integers(0, 9, n), rng.choice([0, 0, 1, 2, 4, 8, 15], n) * rng.choice([-1, 1], n)
    again = rng.uniform(size=n) < 0.5
    bars, o, c, h, l = [], 4000, 4000, 4000, 4000
    for i in range(n):
        g = int(jumps[i])
        o_next = [c, o, c + g, o + g, (c + o) // 2, h + abs(g), l - abs(g), (3 * c + o) // 4, (c + 3 * o) // 4][starts[i]]
        body = int(bodies[i])
        if again[i]:
            body = abs(body) * (1 if c >= o else -1)
        if o_next < 1500 or o_next > 9000:
            body = abs(body) if o_next < 1500 else -abs(body)
        o, c = o_next, o_next + body
        h, l = max(o, c) + int(upper[i]), min(o, c) - int(lower[i])
        bars.append((o, h, l, c))
        if i % 100 == 50:  # a long bar, three small ones against it, a break: too rare to wait for
            side = int(rng.choice([-1, 1]))
            o, c = c, c + side * 40
            path = [(o, c)]
            for k in range(3):
                path.append((c + side * int(rng.integers(8, 10) - 3 * k), c + side * int(rng.integers(2, 4) - 3 * k)))
            path.append((path[-1][1] + side * int(rng.integers(1, 4)), c + side * int(rng.integers(10, 40))))
            for o, c in path:
                h, l = max(o, c) + int(rng.integers(0, 3)), min(o, c) - int(rng.integers(0, 3))
                bars.append((o, h, l, c))
    return np.array(bars, dtype=float)


def judged(bars):
    return {name: getattr(talib, name)(*np.ascontiguousarray(bars.T)) for name in PATTERNS}


def cuts():
    found = {}
    for seed in range(8):
        bars = random_bars(np.random.default_rng(seed), 50_000)
        for name, values in judged(bars).items():
            for row in np.nonzero(values)[0]:
                of = found.setdefault((name, int(values[row])), [])
                if len(of) < HITS and row > 40:
                    of.append(bars[row - BEFORE : row + AFTER])
    return [bars for key in sorted(found) for bars in found[key]]


here = pathlib.Path(__file__).parent
bars = np.concatenate(cuts())
with open(here / "patterns.csv", "w") as out:
    out.write("open,high,low,close\n")
    out.writelines("%d,%d,%d,%d\n" % tuple(bar) for bar in bars)
with open(here / "patterns_expected.csv", "w") as out:
    out.write("pattern,rows\n")
    for name, values in judged(bars).items():
        out.write(name + "," + " ".join(f"{row}:{values[row]}" for row in np.nonzero(values)[0]) + "\n")
