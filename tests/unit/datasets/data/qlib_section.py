"""ConfigSectionProcessor of the real Qlib: writes qlib_section.csv beside this file, rows of every form of it.

pip install pyqlib==0.9.7 numpy==1.26.4 pandas==2.2.3; then: python qlib_section.py
As it stands the class fails on the frames of Qlib's own handlers: it drops the first level of the rows where it means the
columns'. The frame given here says what was meant; everything else is Qlib's.
"""
import csv
import pathlib

import numpy as np
import pandas as pd
from qlib.contrib.data.processor import ConfigSectionProcessor

NAMES = ["KMID", "KLEN", "KMID2", "KUP", "KUP2", "KLOW", "KLOW2", "KSFT", "OPEN0", "HIGH0", "LOW0", "VWAP0", "VOLUME0", "ROC5", "MA5",
         "STD5", "BETA5", "RSQR5", "RESI5", "MAX5", "MIN5", "QTLU5", "RSV5", "IMAX5", "CORR5", "CORD5", "CNTP5", "SUMP5", "VMA5",
         "VSTD5", "WVMA5", "VSUMD5"]
FORMS = {
    "as_it_is": {},
    "clipped": {"clip_feature_outlier": True, "clip_label_outlier": True},
    "missing_stays": {"fillna_feature": False, "fillna_label": False},
    "neither": {"shrink_feature_outlier": False, "fillna_feature": False, "fillna_label": False},
}


class Frame(pd.DataFrame):
    @property
    def _constructor(self):
        return Frame

    def droplevel(self, level, axis=1):
        return super().droplevel(level, axis=1)


def market():
    random = np.random.default_rng(11)
    days, stocks = pd.date_range("2024-03-01", periods=4), [f"S{i:02d}" for i in range(15)]
    index = pd.MultiIndex.from_product([days, stocks], names=["datetime", "instrument"])
    values = pd.DataFrame(index=index)
    for name in NAMES:
        spread = random.standard_t(3, len(index)) * 0.05  # with outliers
        if name.startswith(("K", "RSQR", "IM", "CNT", "SUM", "VSUM", "RSV", "CORR", "CORD")):
            values[name] = np.abs(spread) if name.startswith(("KLEN", "KUP", "KLOW", "RSQR")) else spread
        elif name.startswith(("STD", "VOLUME", "VMA", "VSTD", "WVMA")):
            values[name] = np.exp(spread * 20)
        else:
            values[name] = 1 + spread
    values["LABEL0"] = random.standard_t(3, len(index)) * 0.02
    holes = random.random(values.shape) < 0.05
    values = values.mask(holes)
    values.iloc[3, 1] = 0.0  # log, roots and scales of odd values
    values.iloc[5, NAMES.index("VOLUME0")] = 0.0
    values.loc[(days[2], slice(None)), "RESI5"] = 0.25  # no spread
    values.loc[(days[3], slice(None)), "BETA5"] = np.nan
    return values.astype(np.float32).astype(np.float64)  # as they are stored, computed in double


def main():
    values = market()
    with open(pathlib.Path(__file__).with_name("qlib_section.csv"), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["form", "day", "instrument", *values.columns])
        put = lambda form, frame: writer.writerows(
            [form, key[0].date(), key[1], *("" if np.isnan(v) else repr(float(np.float32(v))) for v in row)]
            for key, row in zip(frame.index, frame.to_numpy()))
        put("input", values)
        for form, options in FORMS.items():
            frame = Frame(values.copy())
            frame.columns = pd.MultiIndex.from_tuples([("label" if n == "LABEL0" else "feature", n) for n in values.columns])
            put(form, pd.DataFrame(ConfigSectionProcessor(**options)(frame)))


if __name__ == "__main__":
    main()
