#!/usr/bin/env python3
"""Writes deviations.csv beside itself: a walk whose prices and volumes stand still for long, and values of TA-Lib where
what rounding leaves of its sums decides. Needs the wheels TA-Lib (made with 0.8.2, TA-Lib C 0.8.1) and numpy."""
import pathlib

import numpy as np
import talib

BARS = 400
rng = np.random.default_rng(11)
close = 50 * np.exp(np.cumsum(rng.normal(0, 0.02, BARS)))
opening = np.r_[close[0], close[:-1]] * np.exp(rng.normal(0, 0.005, BARS))
opening, close = np.round(opening, 2), np.round(close, 2)
high = np.maximum(opening, close) + np.round(rng.uniform(0, 0.5, BARS), 2)
low = np.minimum(opening, close) - np.round(rng.uniform(0, 0.5, BARS), 2)
volume = np.floor(1e6 * rng.uniform(size=BARS))
for start, length in ((100, 30), (170, 60), (300, 40)):
    for column in (opening, high, low, close):
        column[start : start + length] = close[start]
for start, length in ((60, 40), (200, 60), (320, 30)):
    volume[start : start + length] = 0
columns = {
    "open": opening, "high": high, "low": low, "close": close, "volume": volume,
    "stoch 5 3 7 2 0 k": talib.STOCH(high, low, close, 5, 3, 7, 2, 0)[0],
    "stochf 5 3 7 d": talib.STOCHF(high, low, close, 5, 3, 7)[1],
    "stochrsi 5 3 2 7 0 d": talib.STOCHRSI(close, 5, 3, 2, 7)[1],
    "kdj 5 3 7 2 7 0 j": talib.KDJ(high, low, close, 5, 3, 7, 2, 7)[2],
    "macdext 5 0 6 0 2 7 signal": talib.MACDEXT(close, 5, 0, 6, 0, 2, 7)[1],
    "pvo 5 6 9 pvo": talib.PVO(volume, 5, 6, 9),
}
with open(pathlib.Path(__file__).parent / "deviations.csv", "w") as out:
    out.write(",".join(columns) + "\n")
    out.writelines(",".join("%.15g" % x for x in row) + "\n" for row in zip(*columns.values()))
