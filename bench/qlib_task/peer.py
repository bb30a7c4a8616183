"""peer.py STORE MODE KERNELS [SAVED]: the same in pyqlib. MODE plain: no caches; cached: expression and dataset caches on
disk, filled by a first reading that is not timed. Each in a new process, and once more in the same, whose cache in memory
plain empties. SAVED: values to compare with.

pyqlib guards its caches on disk by locks in a Redis server; they are left out, in its favour."""
import contextlib
import os
import sys
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
import numpy as np
import qlib
from qlib.data import D, cache

from expressions import FACTORS

store, mode, kernels = sys.argv[1], sys.argv[2], int(sys.argv[3])


@contextlib.contextmanager
def no_lock(*_):
    yield


cache.get_redis_connection = lambda: None
cache.CacheUtils.reader_lock = cache.CacheUtils.writer_lock = staticmethod(no_lock)
qlib.utils.can_use_cache = lambda: True
cached = mode == "cached"
qlib.init(provider_uri=store, kernels=kernels, logging_level=40,
          expression_cache="DiskExpressionCache" if cached else None, dataset_cache="DiskDatasetCache" if cached else None)
days = [line.strip() for line in open(os.path.join(store, "calendars/day.txt"))]


def read():
    return D.features(D.instruments("all"), FACTORS, days[0], days[-1], freq="day", disk_cache=1 if cached else 0)


def timed():
    start = time.perf_counter()
    frame = read()
    return time.perf_counter() - start, frame


if cached:
    print(f"filling {timed()[0]:.3f}")
    cache.H.clear()
seconds, frame = timed()
print(f"first {seconds:.3f}")
if not cached:
    cache.H.clear()
again = timed()[0]
print(f"again {again:.3f}")
if len(sys.argv) > 4:
    saved = np.load(sys.argv[4])
    order = np.argsort(saved["symbols"], kind="stable")
    ours, theirs = saved["matrix"][order].astype(float), frame.to_numpy(dtype=np.float64)
    assert ours.shape == theirs.shape, (ours.shape, theirs.shape)
    for i, factor in enumerate(FACTORS):
        both = np.isfinite(ours[:, i]) & np.isfinite(theirs[:, i])
        scale = np.maximum(np.abs(theirs[:, i]), np.nanmedian(np.abs(theirs[both, i])))
        share = np.mean((np.abs(ours[:, i] - theirs[:, i]) > 1e-3 * scale)[both])
        if share > 0.002:
            print(f"apart {100 * share:.2f} % of {factor}")
    print(f"compared {ours.size}")
