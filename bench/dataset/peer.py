"""peer.py STORE KERNELS TRAIN_FROM TRAIN_TO VALID_FROM VALID_TO TEST_FROM TEST_TO [OURS]: Alpha158 with processors by
pyqlib's own handler, days included, to the matrices that its models train on; seconds. OURS: what bench_dataset saved,
to compare with: the run is then not the timed one. On a suspended day pyqlib has a row of features (of the days before),
from which its processors learn, too, as they do from rows without a label; a bourse dataset has neither. To compare, such
rows are taken out of pyqlib's frame before its processors see it; all 158 features and the labels must then agree. What
remains is what pyqlib makes of windows with a missing day: IMAX, IMIN and IMXD take it for the extreme, CNTP and its kin and
CORD for a day of no rise. Windows of those are compared where they have none, and up to the centre and the scale that the
others moved."""
import os
import sys
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
import numpy as np
import pandas as pd
import qlib
from qlib.contrib.data.handler import Alpha158
from qlib.data import D
from qlib.data.dataset import DatasetH
from qlib.data.dataset.handler import DataHandlerLP
from qlib.data.dataset.processor import Processor

store, kernels, days = sys.argv[1], int(sys.argv[2]), sys.argv[3:9]
saved = sys.argv[9] if len(sys.argv) > 9 else None
qlib.init(provider_uri=store, kernels=kernels, logging_level=40, expression_cache=None, dataset_cache=None)


class Labelled(Processor):
    """KMID is missing where the day has no close."""

    def __call__(self, frame):
        return frame[frame[("feature", "KMID")].notna() & frame[("label", "LABEL0")].notna()]

    def is_for_infer(self):
        return True


def prepare():
    first = [{"class": "Labelled", "module_path": "__main__"}] if saved else []
    handler = Alpha158(
        instruments="all", start_time=days[0], end_time=days[5], fit_start_time=days[0], fit_end_time=days[1],
        infer_processors=first + [{"class": "RobustZScoreNorm", "kwargs": {"fields_group": "feature", "clip_outlier": True}},
                          {"class": "Fillna", "kwargs": {"fields_group": "feature"}}])  # learn: Alpha158's own
    dataset = DatasetH(handler, {"train": days[0:2], "valid": days[2:4], "test": days[4:6]})
    train, valid = dataset.prepare(["train", "valid"], col_set=["feature", "label"], data_key=DataHandlerLP.DK_L)
    test = dataset.prepare("test", col_set=["feature", "label"], data_key=DataHandlerLP.DK_I)
    return [(part, part["feature"].to_numpy(dtype=np.float32), part["label"].to_numpy(dtype=np.float32)[:, 0])
            for part in (train, valid, test)]


start = time.perf_counter()
parts = prepare()
print(f"seconds {time.perf_counter() - start:.3f}")
print(f"rows {sum(len(frame) for frame, _, _ in parts)}")
if saved:
    ours = pd.read_csv(saved + ".rows", sep=" ", names=["symbol", "us", "part", "label"])
    keys = pd.MultiIndex.from_arrays([pd.to_datetime(ours.us, unit="us"), ours.symbol])
    values = np.fromfile(saved + ".values", dtype="<f4").reshape(len(ours), -1)
    names = list(parts[0][0]["feature"].columns)
    tolerance, rest = 1e-3, 1e-4  # but for so small a share of the rows: ties that float32 breaks otherwise
    closes = D.features(D.instruments("all"), ["$close"], start_time=days[0], end_time=days[5])["$close"].unstack("datetime")
    gaps = closes.isna()  # days before the listing, too
    of_window = {n: gaps.T.rolling(n + 1, min_periods=1).sum().T.stack(future_stack=True) for n in (5, 10, 20, 30, 60)}
    apart, compared, labels_apart, found = np.zeros(len(names)), np.zeros(len(names)), 0, 0
    for frame, features, label in parts:
        frame_keys = frame.index if frame.index.names[0] == "datetime" else frame.index.swaplevel()
        at = frame_keys.get_indexer(keys)
        rows = np.flatnonzero(at >= 0)
        found += len(rows)
        whole = {n: of_window[n].reindex(keys[rows].swaplevel()).to_numpy() == 0 for n in of_window}
        for c, name in enumerate(names):
            ours_of, theirs_of = values[rows, c], features[at[rows], c]
            if name[:4] in ("IMAX", "IMIN", "IMXD", "CNTP", "CNTN", "CNTD", "CORD"):
                counts = whole[int(name[4:])] & (np.abs(ours_of) < 2.999) & (np.abs(theirs_of) < 2.999)
                ours_of, theirs_of = ours_of[counts].astype(float), theirs_of[counts].astype(float)
                ours_of = np.polyval(np.polyfit(ours_of, theirs_of, 1), ours_of)
            apart[c] += np.sum(~(np.abs(ours_of - theirs_of) <= tolerance))
            compared[c] += len(ours_of)
        if len(rows) and ours.part[rows[0]] != "test":
            labels_apart += np.sum(~(np.abs(ours.label.to_numpy()[rows] - label[at[rows]]) <= tolerance))
    share = apart / np.maximum(compared, 1)
    wrong = [f"{name} {100 * s:.3f} %" for name, s in zip(names, share) if s > rest]
    print(f"compared {found} of {len(ours)} rows: {len(names) - len(wrong)} of {len(names)} features agree to {tolerance} in {100 * (1 - rest)} % of "
          f"them and more (worst {100 * share.max():.4f} % apart), labels in {100 - 100 * labels_apart / max(found, 1):.3f} %"
          + (f"; apart: {', '.join(wrong)}" if wrong else ""))
    if found != len(ours) or wrong or labels_apart > rest * found:
        sys.exit("the values differ")
