"""Markets for comparisons with Qlib: a random walk and real bars with gaps, and files in Qlib's layout
(docs/reference/qlib-formats.md)."""
import subprocess

import numpy as np

FIELDS = ["open", "high", "low", "close", "volume", "vwap"]


def market(instruments, days):
    """A random walk: [day][instrument] of each field, without gaps."""
    random = np.random.default_rng(1)
    close = 50 * np.exp(np.cumsum(random.normal(0, 0.02, (days, instruments)), axis=0))
    open_ = np.vstack([close[:1], close[:-1]]) * (1 + random.normal(0, 0.002, close.shape))
    high = np.maximum(open_, close) * (1 + 0.01 * random.random(close.shape))
    low = np.minimum(open_, close) * (1 - 0.01 * random.random(close.shape))
    volume = np.floor(1e6 * (0.1 + random.random(close.shape)))
    values = [open_, high, low, close, volume, (high + low + close) / 3]
    return {name: np.ascontiguousarray(v, dtype=np.float32) for name, v in zip(FIELDS, values)}


def ashare(path):
    """Adjusted daily bars of Chinese stocks, [day][instrument]; suspended days and those before a listing are NaN. As
    many instruments as are a multiple of sixteen. The file has no amount: vwap is (high + low + close) / 3."""
    import io

    import pandas as pd

    text = subprocess.run(["zstd", "-dc", path], check=True, capture_output=True).stdout
    bars = pd.read_csv(io.BytesIO(text))
    still = (bars.high == bars.low) & (bars.open == bars.close) & (bars.high == bars.close)
    bars = bars[~(still & ~(bars.volume > 0))]
    for name in ["open", "high", "low", "close"]:
        bars[name] = bars[name] * bars.adj_factor
    bars["volume"] = bars.volume / bars.adj_factor
    bars["vwap"] = (bars.high + bars.low + bars.close) / 3
    count = bars.ts_code.nunique() // 16 * 16
    return {name: np.ascontiguousarray(bars.pivot(index="trade_date", columns="ts_code", values=name).to_numpy()[:, :count],
                                       dtype=np.float32) for name in FIELDS}


def write_store(root, data, first_day="2007-01-01"):
    """Returns the instruments' codes and the days."""
    import pandas as pd

    days, instruments = data["close"].shape
    calendar = pd.bdate_range(first_day, periods=days).strftime("%Y-%m-%d")
    for part in ["calendars", "instruments", "features"]:
        (root / part).mkdir(parents=True, exist_ok=True)
    (root / "calendars/day.txt").write_text("\n".join(calendar) + "\n")
    codes = [f"SH{600000 + s}" for s in range(instruments)]
    (root / "instruments/all.txt").write_text("".join(f"{c}\t{calendar[0]}\t{calendar[-1]}\n" for c in codes))
    for s, code in enumerate(codes):
        (root / "features" / code.lower()).mkdir(exist_ok=True)
        for name, matrix in data.items():
            column = np.concatenate([[np.float32(0)], matrix[:, s]]).astype("<f4")
            column.tofile(root / "features" / code.lower() / f"{name}.day.bin")
    return codes, calendar
