#!/usr/bin/env python3
"""Writes bars.csv and values.csv beside itself: a random walk with flat stretches and bars without volume, and sampled
values of every TA-Lib function but the patterns (make_patterns.py), with its defaults and with random parameters. Needs
the wheels TA-Lib (made with 0.8.2, TA-Lib C 0.8.1) and numpy."""
import pathlib

import numpy as np
import talib
import talib.abstract as abstract

BARS, VARIANTS, STEP = 400, 4, 29


def walk(rng):
    close = 50 * np.exp(np.cumsum(rng.normal(0, 0.02, BARS)))
    opening = np.r_[close[0], close[:-1]] * np.exp(rng.normal(0, 0.005, BARS))
    opening, close = np.round(opening, 2), np.round(close, 2)
    high = np.maximum(opening, close) + np.round(rng.uniform(0, 0.5, BARS), 2)
    low = np.minimum(opening, close) - np.round(rng.uniform(0, 0.5, BARS), 2)
    volume = np.floor(1e6 * rng.uniform(size=BARS))
    for start, length in ((170, 12), (300, 5)):
        for column in (opening, high, low, close):
            column[start : start + length] = close[start]
    volume[rng.uniform(size=BARS) < 0.03] = 0
    return {"open": opening, "high": high, "low": low, "close": close, "volume": volume}


def inputs_of(name, bars):
    fed = {"real": bars["volume"] if name in ("PVO", "RVOL") else bars["close"], "real0": bars["high"], "real1": bars["low"],
           "periods": 2.0 + np.arange(BARS) % 29, **bars}
    if name in ("ACOS", "ASIN", "COSH", "EXP", "SINH", "TAN", "TANH"):
        fed["real"] = bars["close"] / 100
    signature = getattr(talib, name).__doc__.split("\n")[0]
    return [fed[word.split()[-1].strip(")")] for word in signature.split("(", 1)[1].split(",") if "ndarray" in word]


def random_params(name, rng):
    choices = {"percentile": [0, 10, 33.3, 75, 100], "vfactor": [0, 0.3, 1], "fastlimit": [0.2, 0.6],
               "slowlimit": [0.02, 0.1], "startvalue": [0, 60, -60], "offsetonreverse": [0, 0.01]}
    result = {}
    for key, default in abstract.Function(name).parameters.items():
        if "matype" in key:
            # On a stochastic that stands at 0, the phase of MAMA (7) is whatever rounding TA-Lib's sums have left.
            kinds = [kind for kind in range(14) if kind != 7 or not name.startswith(("STOCH", "KDJ"))]
            result[key] = int(rng.choice(kinds))
        elif isinstance(default, int):
            result[key] = int(rng.choice([2, 3, 4, 5, 8, 10, 13, 17, 21, 30]))
        else:
            result[key] = float(rng.choice(choices.get(key, [0.03, 0.1, 0.5])))
    if name == "MAVP":
        result["minperiod"], result["maxperiod"] = sorted((result["minperiod"], result["maxperiod"]))
    return result


rng = np.random.default_rng(20261121)
bars = walk(rng)
here = pathlib.Path(__file__).parent
with open(here / "bars.csv", "w") as out:
    out.write(",".join(bars) + "\n")
    out.writelines("%.15g,%.15g,%.15g,%.15g,%.15g\n" % row for row in zip(*bars.values()))
with open(here / "values.csv", "w") as out:
    out.write("function,parameters,output,first,rows\n")
    for name in talib.get_functions():
        if name.startswith("CDL"):
            continue
        variants = [{}] + [random_params(name, rng) for _ in range(VARIANTS if abstract.Function(name).parameters else 0)]
        for params in variants:
            values = getattr(talib, name)(*inputs_of(name, bars), **params)
            function = abstract.Function(name, **params)
            for output, column in zip(function.output_names, values if isinstance(values, (list, tuple)) else [values]):
                first = function.lookback
                rows = [t for t in range(first, BARS, STEP)]
                out.write("%s,%s,%s,%d,%s\n" % (name, " ".join(f"{k}={v}" for k, v in params.items()), output, first,
                                                " ".join(f"{t}:{column[t]:.14g}" for t in rows)))
