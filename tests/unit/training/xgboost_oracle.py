# xgboost_oracle.py DIRECTORY: trains what the test wrote there with XGBoost's own Python package and writes its
# predictions of the valid rows (float32) and what it found best. Only a test oracle.
import json
import sys

import numpy as np
import xgboost

folder = sys.argv[1]
meta = json.load(open(folder + "/meta.json"))
columns = meta["columns"]


def matrix(name):
    values = np.fromfile(f"{folder}/{name}.values", dtype="<f4").reshape(-1, columns)
    labels = np.fromfile(f"{folder}/{name}.labels", dtype="<f4")
    return xgboost.DMatrix(values, label=labels, missing=np.nan)


train, valid = matrix("train"), matrix("valid")
curve = {}
booster = xgboost.train(
    meta["params"], train, num_boost_round=meta["rounds"], evals=[(train, "train"), (valid, "valid")],
    early_stopping_rounds=meta["patience"], evals_result=curve, verbose_eval=False)
best = booster.best_iteration + 1
booster.predict(valid, iteration_range=(0, best)).astype("<f4").tofile(folder + "/predictions")
kept = booster[0:best]
json.dump({"best": best, "curve": curve["valid"][meta["metric"]], "version": xgboost.__version__,
           "gain": kept.get_score(importance_type="gain")}, open(folder + "/result.json", "w"))
