"""Alpha158 of one market in Bourse, KunQuant and Qlib, one thread each: the time a row, and whether the values agree.

peers.py BENCH_ALPHA WORK_FOLDER [--quick | --ashare FILE]   (KunQuant and pyqlib on PYTHONPATH; a peer that is not there is left out)
"""
import os
import pathlib
import subprocess
import sys
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
import numpy as np

from qlib_store import FIELDS, ashare, market, write_store

ROUNDS = 5


def best_of(work):
    """Processor seconds of one thread, the least of some rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        result = work()
        times.append(time.process_time() - start)
    return min(times), result


def ours(program, folder, data, instruments, days):
    """[instrument][day][feature] and nanoseconds a row by way of computing."""
    with open(folder / "market.bin", "wb") as file:
        for name in FIELDS:
            file.write(data[name].tobytes())
    text = subprocess.run([program, "alpha158", str(instruments), str(days), folder / "market.bin", folder / "ours.bin"],
                          check=True, capture_output=True, text=True).stdout
    costs = {line.split()[0]: float(line.split()[1]) for line in text.splitlines()}
    values = np.fromfile(folder / "ours.bin", dtype=np.float32).reshape(instruments, days, 158)
    return values, costs


def kunquant(data, instruments, days):
    """Name -> [day][instrument], and nanoseconds a row; its own blocked layout (STs), float32, AVX-512."""
    from KunQuant.Driver import KunCompilerConfig
    from KunQuant.jit import cfake
    from KunQuant.Op import Builder, Input, Output
    from KunQuant.predefined.Alpha158 import AllData
    from KunQuant.runner import KunRunner
    from KunQuant.Stage import Function

    builder = Builder()
    with builder:
        inputs = {name: Input(name) for name in ["open", "close", "high", "low", "volume", "amount"]}
        all_data = AllData(**inputs)
        features, names = all_data.build({
            "kbar": {},
            "price": {"windows": [0], "feature": [("OPEN", all_data.open), ("HIGH", all_data.high),
                                                  ("LOW", all_data.low), ("VWAP", all_data.vwap)]},
            "rolling": {}})
        for name, feature in zip(names, features):
            Output(feature, name)
    config = KunCompilerConfig(input_layout="STs", output_layout="STs", dtype="float", blocking_len=16)
    machine = cfake.X64CPUFlags(avx512=True, avx512dq=True, avx512vl=True)
    library = cfake.compileit([("alpha158", Function(builder.ops), config)], "alpha158_kunquant",
                              cfake.CppCompilerConfig(machine=machine))
    module = library.getModule("alpha158")
    blocked = {}
    for name in ["open", "close", "high", "low", "volume"]:
        blocked[name] = np.ascontiguousarray(data[name].reshape(days, instruments // 16, 16).transpose(1, 0, 2))
    blocked["amount"] = blocked["volume"] * np.ascontiguousarray(
        data["vwap"].reshape(days, instruments // 16, 16).transpose(1, 0, 2))
    executor = KunRunner.createSingleThreadExecutor()
    outputs = {name: np.empty((instruments // 16, days, 16), dtype=np.float32) for name in names}
    seconds, result = best_of(lambda: KunRunner.runGraph(executor, module, blocked, 0, days, outputs))
    values = {name: result[name].transpose(1, 0, 2).reshape(days, instruments) for name in names}
    return values, seconds * 1e9 / (instruments * days)


def qlib_features(folder, data, instruments, days, expressions):
    """Name -> [instrument][day], and nanoseconds a row: pyqlib reading its own files, no caches, one process."""
    root = folder / "qlib"
    codes, calendar = write_store(root, data)
    import qlib
    from qlib.data import D

    qlib.init(provider_uri=str(root), kernels=1, expression_cache=None, dataset_cache=None, logging_level=40)
    from qlib.data.cache import H

    def read():
        H.clear()
        return D.features(codes, list(expressions.values()), calendar[0], calendar[-1], freq="day", disk_cache=0)

    start = time.process_time()
    frame = read()
    seconds = time.process_time() - start
    values = frame.to_numpy(dtype=np.float32).reshape(instruments, days, len(expressions))
    return {name: values[:, :, i] for i, name in enumerate(expressions)}, seconds * 1e9 / (instruments * days)


def compare(peer, names, got, want, tolerance):
    """Names of features of which more than one value in a thousand differs. Both are [feature] -> any equal shapes."""
    apart = []
    for name in names:
        a, b = got[name].astype(np.float64), want[name].astype(np.float64)
        both = np.isfinite(a) & np.isfinite(b)
        scale = np.maximum(np.abs(b), np.nanmedian(np.abs(b[both])) if both.any() else 1)
        share = 1 - np.mean((np.abs(a - b) <= tolerance * scale)[both]) if both.any() else 1
        if share > 0.001 or np.mean(both) < 0.9 * np.mean(np.isfinite(a) | np.isfinite(b)):
            apart.append(f"{name} ({100 * share:.1f} % of {100 * np.mean(both):.0f} %)")
    print(f"{peer}: {len(names) - len(apart)} of {len(names)} features agree to {tolerance:g}"
          + (": not " + ", ".join(apart) if apart else ""))


def alpha158_expressions():
    """Qlib's own, by name."""
    from qlib.contrib.data.loader import Alpha158DL

    fields, names = Alpha158DL.get_feature_config({
        "kbar": {}, "price": {"windows": [0], "feature": ["OPEN", "HIGH", "LOW", "VWAP"]}, "rolling": {}})
    return dict(zip(names, fields))


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    quick = "--quick" in sys.argv
    data = ashare(sys.argv[-1]) if "--ashare" in sys.argv else market(*((64, 1000) if quick else (256, 2500)))
    days, instruments = data["close"].shape
    print(f"{instruments} instruments, {days} days, {100 * np.mean(np.isnan(data['close'])):.1f} % without a bar")
    values, costs = ours(program, folder, data, instruments, days)
    for name, cost in costs.items():
        print(f"bourse, {name}: {cost:.0f} ns a row")
    best = min(cost for name, cost in costs.items() if name != "one_by_one")
    ratios = {}
    names = None
    try:
        few = 4 if quick else 8
        expressions = alpha158_expressions()
        names = list(expressions)
        part = {name: matrix[:, :few] for name, matrix in data.items()}
        peer, cost = qlib_features(folder, part, few, days, expressions)
        print(f"pyqlib: {cost:.0f} ns a row")
        ratios["pyqlib"] = cost / best
        compare("pyqlib", names, {n: values[:few, 61:, i] for i, n in enumerate(names)},
                {n: peer[n][:, 61:] for n in names}, 1e-3)
    except ImportError as error:
        print(f"pyqlib could not be had: {error}")
    try:
        peer, cost = kunquant(data, instruments, days)
        print(f"KunQuant: {cost:.0f} ns a row")
        ratios["KunQuant"] = cost / best
        names = list(peer)
        compare("KunQuant", names, {n: values[:, 61:, i].T for i, n in enumerate(names)},
                {n: peer[n][61:] for n in names}, 1e-2)
    except ImportError as error:
        print(f"KunQuant could not be had: {error}")
    for name, ratio in ratios.items():
        print(f"{name} / bourse: {ratio:.1f}")


main()
