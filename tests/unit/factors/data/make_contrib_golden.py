#!/usr/bin/env python3
"""make_contrib_golden.py HIGH_FREQ.PY TIME.PY OUT_FOLDER: contrib_1m.csv and contrib_5m.csv, by pyqlib 0.9.7's own operators.

The two files are qlib/contrib/ops/high_freq.py and qlib/utils/time.py of its wheel, run as they are (pandas 2.2.3, numpy 1.26.4); only where they load a
field or the calendar stands a stub. Empty: missing. Times are Shanghai's wall clock, as in Qlib's calendars.
"""
import sys
import types

import numpy as np
import pandas as pd

high_freq, time_file, out = sys.argv[1:4]
calendar = []


def module(name, **attributes):
    made = types.ModuleType(name)
    made.__dict__.update(attributes)
    sys.modules[name] = made


class Element:
    def __init__(self, feature):
        self.feature = feature


class Pair:
    def __init__(self, left, right):
        self.feature_left, self.feature_right = left, right


class Calendars:
    @staticmethod
    def load_calendar(freq, future):
        return calendar


cache = {"c": {}}
for package in ("qlib", "qlib.data", "qlib.utils"):
    module(package)
module("qlib.constant", REG_CN="cn", REG_TW="tw", REG_US="us")
module("qlib.config", C=types.SimpleNamespace(min_data_shift=0, region="cn"))
module("qlib.data.cache", H=cache)
module("qlib.data.data", Cal=Calendars)
module("qlib.data.ops", ElemOperator=Element, PairOperator=Pair)
module("qlib.utils.time")
exec(compile(open(time_file).read(), time_file, "exec"), sys.modules["qlib.utils.time"].__dict__)
ops = {}
exec(compile(open(high_freq).read(), high_freq, "exec"), ops)


class Field:
    def __init__(self, values):
        self.values = values

    def load(self, instrument, start, end, freq):
        return self.values


def session(day, step):
    minutes = list(range(570, 690, step)) + list(range(780, 900, step))
    return [pd.Timestamp(day) + pd.Timedelta(minutes=m) for m in minutes]


def make(days, step, name):
    random = np.random.default_rng(2026)
    calendar[:] = [t for day in days for t in session(day, step)]
    cache["c"].clear()
    rows = len(calendar)
    close = np.round(20 + np.cumsum(random.normal(0, 0.05, rows)), 2)
    volume = np.round(random.gamma(1, 1000, rows))
    open_ = np.round(close + random.normal(0, 0.05, rows), 2)
    for values, share in ((close, 0.15), (open_, 0.1), (volume, 0.1)):
        values[random.random(rows) < share] = np.nan
    day = rows // len(days)
    close[day - 4:day] = np.nan  # a session without its last values …
    close[2 * day:2 * day + 3] = np.nan
    odd = np.where(random.random(rows) < 0.1, np.inf, close)
    odd[random.random(rows) < 0.05] = -np.inf
    odd[day:2 * day] = np.nan  # … and one without any
    data = {"open": open_, "close": close, "volume": volume, "odd": odd}
    field = {n: Field(pd.Series(v.astype(np.float32))) for n, v in data.items()}
    above = Field(field["close"].values > field["open"].values)
    results = {
        "DayCumsum($volume)" if step == 1 else f"DayCumsum($volume,'9:30','14:59',{step})":
            ops["DayCumsum"](field["volume"], data_granularity=step),
        f"DayCumsum($volume,'10:02','13:28',{step})": ops["DayCumsum"](field["volume"], "10:02", "13:28", step),
        f"DayCumsum($close,'13:00','13:00',{step})": ops["DayCumsum"](field["close"], "13:00", "13:00", step),
        "DayLast($close)": ops["DayLast"](field["close"]),
        "DayLast($odd)": ops["DayLast"](field["odd"]),
        "FFillNan($close)": ops["FFillNan"](field["close"]),
        "BFillNan($odd)": ops["BFillNan"](field["odd"]),
        "Date($close)": ops["Date"](field["close"]),
        "Select($close>$open,$volume)": ops["Select"](above, field["volume"]),
        "IsNull($odd)": ops["IsNull"](field["odd"]),
        "IsInf($odd)": ops["IsInf"](field["odd"]),
        "Cut($close,7,-5)": ops["Cut"](field["close"], 7, -5),
        "Cut($volume,40)": ops["Cut"](field["volume"], 40),
    }
    table = {"ts": [t.strftime("%Y-%m-%d %H:%M") for t in calendar], **data}
    for expression, op in results.items():
        values = op._load_internal("AAA", 0, rows - 1, f"{step}min").reindex(range(rows))
        if expression.startswith("Date"):
            values = values.map(lambda d: (d - pd.Timestamp(0).date()).days)
        table[f'"{expression}"'] = values.astype(np.float32)
    with open(f"{out}/{name}", "w") as file:
        file.write(",".join(table) + "\n")
        for i in range(rows):
            cells = [values[i] for values in table.values()]
            file.write(",".join(c if isinstance(c, str) else "" if np.isnan(c) else "%.9g" % np.float32(c) for c in cells) + "\n")


make(["2024-01-04", "2024-01-05", "2024-01-08"], 1, "contrib_1m.csv")
make(["2024-01-04", "2024-01-05", "2024-01-08", "2024-01-09", "2024-01-10"], 5, "contrib_5m.csv")
