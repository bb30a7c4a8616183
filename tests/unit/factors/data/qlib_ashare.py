"""Alpha158 of the A-share sample by the real Qlib: writes qlib_ashare_alpha158.csv beside this file.

pip install pyqlib==0.9.7 numpy==1.26.4 pandas==2.2.3; then: python qlib_ashare.py SHARED
The sample's folders are upper case, Qlib wants them in lower case: it reads a copy. Every 397th row and the last one.
"""
import pathlib
import shutil
import sys
import tempfile

import qlib
from qlib.contrib.data.loader import Alpha158DL
from qlib.data import D

STOCKS = ["SH600000", "SH600519", "SH688981", "SZ000002", "SZ300750", "SH000300"]


def main(shared):
    sample = pathlib.Path(shared) / "data" / "ashare" / "qlib_sample"
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        shutil.copytree(sample / "calendars", root / "calendars")
        shutil.copytree(sample / "instruments", root / "instruments")
        for stock in STOCKS:
            shutil.copytree(sample / "features" / stock, root / "features" / stock.lower())
        qlib.init(provider_uri=str(root), kernels=1, joblib_backend="sequential")
        fields, names = Alpha158DL.get_feature_config(
            {"kbar": {}, "price": {"windows": [0], "feature": ["OPEN", "HIGH", "LOW", "VWAP"]}, "rolling": {}}
        )
        frame = D.features(STOCKS, fields, disk_cache=0)
        frame.columns = names
        parts = [g.iloc[sorted({*range(0, len(g), 397), len(g) - 1})] for _, g in frame.groupby(level=0, sort=False)]
        out = pathlib.Path(__file__).with_name("qlib_ashare_alpha158.csv")
        with out.open("w") as file:
            file.write("instrument,datetime," + ",".join(names) + "\n")
            for part in parts:
                for (stock, day), row in part.iterrows():
                    file.write(",".join([stock, str(day.date())] + ["" if v != v else repr(float(v)) for v in row]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
