"""peer.py STORE KERNELS TRAIN_FROM TRAIN_TO VALID_FROM VALID_TO TEST_FROM TEST_TO [OURS]: Alpha158 with processors by
pyqlib's own handler, days included, to the matrices that its models train on; seconds. OURS: what bench_dataset saved,
to compare with; "strict": every feature must agree."""
import os
import sys
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
import numpy as np
import pandas as pd
import qlib
from qlib.contrib.data.handler import Alpha158
from qlib.data.dataset import DatasetH
from qlib.data.dataset.handler import DataHandlerLP

store, kernels, days = sys.argv[1], int(sys.argv[2]), sys.argv[3:9]
qlib.init(provider_uri=store, kernels=kernels, logging_level=40, expression_cache=None, dataset_cache=None)


def prepare():
    handler = Alpha158(
        instruments="all", start_time=days[0], end_time=days[5], fit_start_time=days[0], fit_end_time=days[1],
        infer_processors=[{"class": "RobustZScoreNorm", "kwargs": {"fields_group": "feature", "clip_outlier": True}},
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
if len(sys.argv) > 9:
    saved = sys.argv[9]
    ours = pd.read_csv(saved + ".rows", sep=" ", names=["symbol", "us", "part", "label"])
    keys = pd.MultiIndex.from_arrays([pd.to_datetime(ours.us, unit="us"), ours.symbol])
    values = np.fromfile(saved + ".values", dtype="<f4").reshape(len(ours), -1)
    names = parts[0][0]["feature"].columns
    # with gaps pyqlib fits on suspended days, too, so that scales differ a little
    tolerance = 2e-3 if "strict" in sys.argv else 0.1
    apart = np.zeros(len(names))
    labels_apart, found = 0, 0
    for frame, features, label in parts:
        at = frame.index.swaplevel().get_indexer(keys) if frame.index.names[0] != "datetime" else frame.index.get_indexer(keys)
        rows = np.flatnonzero(at >= 0)
        found += len(rows)
        apart += np.sum(~(np.abs(values[rows] - features[at[rows]]) <= tolerance), axis=0)
        if len(rows) and ours.part[rows[0]] != "test":
            labels_apart += np.sum(~(np.abs(ours.label.to_numpy()[rows] - label[at[rows]]) <= 2e-3))
    share = apart / max(found, 1)
    wrong = [f"{name} {100 * s:.1f} %" for name, s in zip(names, share) if s > 0.002]
    print(f"compared {found} of {len(ours)} rows: {len(names) - len(wrong)} of {len(names)} features agree to {tolerance} in 99.8 % of them, "
          f"labels in {100 - 100 * labels_apart / max(found, 1):.2f} %" + (f"; apart: {', '.join(wrong)}" if wrong else ""))
    if found != len(ours) or ("strict" in sys.argv and (wrong or labels_apart)):
        sys.exit("the values differ")
