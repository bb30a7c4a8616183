#!/usr/bin/env bash
# alpha.sh BUILD [--quick]: Alpha158 of a market in memory, one thread: our kernels, KunQuant's and pyqlib; values compared, ratios last.
# First a random walk, then, where BOURSE_SHARED is, real bars with gaps.
# The peers are fetched for the comparison alone: ALPHA_PEERS names a folder that has them already. KunQuant compiles its kernels with g++.
set -euo pipefail
build=$(realpath "${1:?build folder}")
[ -x "$build/bin/bench_alpha" ] || { echo "bench_alpha was not built" >&2; exit 1; }
peers=${ALPHA_PEERS:-$build/deps/alpha/py}
if [ ! -d "$peers/KunQuant" ] || [ ! -d "$peers/qlib" ]; then
    python3 -m pip install --quiet --disable-pip-version-check --target "$peers" kunquant==0.1.12 pyqlib==0.9.7 ||
        echo "KunQuant and pyqlib could not be fetched; set ALPHA_PEERS"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compare() { PYTHONPATH=$peers PYTHONWARNINGS=ignore python3 "$(dirname "$0")/alpha/peers.py" "$build/bin/bench_alpha" "$work" "$@"; }
compare ${2:+"$2"}
real=${BOURSE_SHARED:-}/data/ashare/ashare_daily.csv.zst
if [ ! -f "$real" ]; then exit 0; fi
rm -rf "$work"/*
compare --ashare "$real"
