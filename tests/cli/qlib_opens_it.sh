#!/usr/bin/env bash
# Qlib itself (PyPI pyqlib) opens what export wrote and computes from it the Alpha158 that it computed from the original, bit for
# bit. Its many dependencies take minutes to fetch: make soak does (BOURSE_SOAK), else they must be there: BOURSE_QLIB_PYTHON or an earlier soak.
# shellcheck source=tests/cli/import_support.sh
. "$(dirname "$0")/import_support.sh"
need "$shared/ashare/qlib_sample"
packages=$BOURSE_BUILD/deps/qlib
qlib_python() { PYTHONPATH=$packages "${BOURSE_QLIB_PYTHON:-/usr/bin/python3}" "$@"; }
if ! qlib_python -c 'import qlib' 2>/dev/null && [ -n "${BOURSE_SOAK:-}" ]; then
    mkdir -p "$packages"
    timeout 500 /usr/bin/python3 -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-binary gym --upgrade --target "$packages" \
        pyqlib==0.9.7 numpy==1.26.4 pandas==2.2.3 >"$packages/pip.log" 2>&1 || true
fi
qlib_python -c 'import qlib' 2>/dev/null || { echo "skipped: pyqlib is not installed"; exit 77; }

bourse import --format qlib --traded-volume --staged "$shared/ashare/qlib_sample" 2>/dev/null
bourse export --format qlib --traded-volume "$work/set"
HOME=$work qlib_python - "$work/set" "$BOURSE_SOURCE/tests/unit/factors/data/qlib_ashare_alpha158.csv" 2>"$work/log" <<'PY' || fail "$(tail -5 "$work/log")"
import csv, math, struct, sys
import qlib
from qlib.contrib.data.loader import Alpha158DL
from qlib.data import D

qlib.init(provider_uri=sys.argv[1], kernels=1, joblib_backend="sequential")
rows = list(csv.DictReader(open(sys.argv[2])))  # tests/unit/factors/data/qlib_ashare.py made it from the original
stocks = sorted({row["instrument"] for row in rows})
fields, names = Alpha158DL.get_feature_config({"kbar": {}, "price": {"windows": [0], "feature": ["OPEN", "HIGH", "LOW", "VWAP"]}, "rolling": {}})
frame = D.features(stocks, fields, disk_cache=0)
frame.columns = names
same = lambda a, b: (a != a and b != b) or struct.pack("<f", a) == struct.pack("<f", b)
wrong = [(row["instrument"], row["datetime"], name) for row in rows for name in names
         if not same(float(row[name] or math.nan), float(frame.loc[(row["instrument"], row["datetime"])][name]))]
members = D.list_instruments(D.instruments("csi300"), start_time="2020-01-02", end_time="2020-01-02", as_list=True)
print(f"{len(rows) * len(names)} values, {len(wrong)} differ {wrong[:5]}; {len(members)} members")
sys.exit(1 if wrong or len(rows) < 50 or len(members) < 250 else 0)
PY
