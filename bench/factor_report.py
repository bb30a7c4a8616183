# The peer of factor_report.sh: what bourse.factor_report says of some features, in the style of alphalens (groupby and apply).
# factor_report.py FEATURES.csv: columns ts, symbol, r1, r5, r10, r20, then the features. Prints seconds, features and mean
# RankICs. Reading the file does not count.
import sys
import time

import numpy as np
import pandas as pd

frame = pd.read_csv(sys.argv[1]).set_index(["ts", "symbol"]).sort_index()
horizons = ["r1", "r5", "r10", "r20"]
features = [c for c in frame.columns if c not in horizons]


def newey_west(x, lags):
    x = np.asarray(x) - np.mean(x)
    n = len(x)
    v = x @ x / n
    for lag in range(1, lags + 1):
        v += 2 * (1 - lag / (lags + 1)) * (x[lag:] @ x[:-lag]) / n
    return np.sqrt(v / n)


def information(group, feature):
    own = group[feature].rank()
    return pd.Series({"ic": group[feature].corr(group["r1"]), **{h: own.corr(group[h].rank()) for h in horizons}})


start = time.perf_counter()
rank_ics = []
for feature in features:
    data = frame[[feature] + horizons].dropna(subset=[feature, "r1"])
    by_day = data.groupby(level=0)
    daily = by_day.apply(information, feature)
    mean, deviation = daily.mean(), daily.std()
    rank_ics.append(mean["r1"])
    error = newey_west(daily["r1"].dropna(), int(4 * (len(daily) / 100) ** (2 / 9)))
    group = by_day[feature].transform(lambda x: pd.qcut(x, 5, labels=False, duplicates="drop"))
    returns = data["r1"].groupby([data.index.get_level_values(0), group]).mean().unstack()
    spread = (returns[returns.columns.max()] - returns[0]).dropna()
    spread_error = newey_west(spread, int(4 * (len(spread) / 100) ** (2 / 9)))
    wide = data[feature].unstack()
    autocorrelation = wide.corrwith(wide.shift(1), axis=1).mean()
    top = (group == 4).unstack(fill_value=False)
    turnover = 1 - (top & top.shift(1, fill_value=False)).sum(axis=1) / top.sum(axis=1)
correlations = frame[features].groupby(level=0).rank().groupby(level=0).corr().groupby(level=1).mean()
print(time.perf_counter() - start, len(features), *("%.6f" % x for x in rank_ics))
