"""Cross-sectional values by pandas and numpy: writes across.csv beside this file.

pip install numpy==1.26.4 pandas==2.2.3 scipy==1.14.1; then: python across.py
40 members x 12 days; x with ties, missing and infinite values, a day of equal values, one with a single value, one with
none; group 0..4 and two exposures with gaps, the second a multiple of the first on one day. Infinite counts as missing.
"""
import pathlib

import numpy as np
import pandas as pd
from scipy import stats

random = np.random.default_rng(20240105)
DAYS, MEMBERS = 12, 40
rows = []
for day in range(DAYS):
    x = np.round(random.normal(100, 25, MEMBERS), 1)
    x[random.random(MEMBERS) < 0.15] = np.nan
    x[random.integers(MEMBERS)] = np.inf
    if day == 4:
        x[:] = 7.25
    if day == 5:
        x[1:] = np.nan
        x[0] = 3
    if day == 6:
        x[:] = np.nan
    group = random.integers(0, 5, MEMBERS).astype(float)
    group[random.random(MEMBERS) < 0.1] = np.nan
    size = np.round(random.lognormal(10, 2, MEMBERS), 3)
    beta = 2 * size if day == 7 else np.round(random.normal(1, 0.3, MEMBERS), 3)
    beta[random.random(MEMBERS) < 0.1] = np.nan
    for m in range(MEMBERS):
        rows.append((day, m, x[m], group[m], size[m], beta[m]))
frame = pd.DataFrame(rows, columns=["day", "member", "x", "group", "size", "beta"])
clean = frame["x"].replace([np.inf, -np.inf], np.nan)
days = clean.groupby(frame["day"])
frame["CSRank"] = days.rank(pct=True)
mean, spread = days.transform("mean"), days.transform("std")
frame["CSZScore"] = ((clean - mean) / spread).where(spread > 0)
frame["CSDemean"] = clean - mean
frame["CSMean"] = mean
frame["CSStd"] = spread
frame["CSNeutralizeGroup"] = clean - clean.groupby([frame["day"], frame["group"]]).transform("mean")


def residuals(part, exposures):
    out = pd.Series(np.nan, index=part.index)
    used = part[["clean", *exposures]].dropna().index
    if len(used) >= len(exposures) + 2:
        design = np.column_stack([np.ones(len(used)), part.loc[used, exposures]])
        scaled = design / np.abs(design).max(axis=0)
        fit = np.linalg.lstsq(scaled, part.loc[used, "clean"], rcond=1e-12)[0]
        out[used] = part.loc[used, "clean"] - scaled @ fit
    return out


frame["clean"] = clean
frame["CSNeutralize1"] = pd.concat([residuals(p, ["size"]) for _, p in frame.groupby("day")])
frame["CSNeutralize2"] = pd.concat([residuals(p, ["size", "beta"]) for _, p in frame.groupby("day")])
# A second opinion by scipy on one day.
day = frame[(frame["day"] == 0) & frame["clean"].notna()]
assert np.allclose(day["CSRank"], stats.rankdata(day["clean"]) / len(day))
assert np.allclose(day["CSZScore"], stats.zscore(day["clean"], ddof=1))
line = stats.linregress(day["size"], day["clean"])
assert np.allclose(day["CSNeutralize1"], day["clean"] - line.intercept - line.slope * day["size"])
frame.drop(columns="clean").to_csv(pathlib.Path(__file__).with_name("across.csv"), index=False, float_format="%.17g")
