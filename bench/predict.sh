#!/usr/bin/env bash
# predict.sh BUILD [--quick | --deep] [--avx2]: rows per second of a forest, ours and XGBoost's and LightGBM's; fails when a margin differs.
# --quick: the usual shape alone, --deep: the others alone, --avx2: as on a processor without AVX-512.
# LightGBM is fetched for the comparison alone: LIGHTGBM_LIBRARY names one that is there already.
set -euo pipefail
build=$(realpath "${1:?build folder}")
library=${LIGHTGBM_LIBRARY:-$build/deps/lightgbm/lightgbm/lib/lib_lightgbm.so}
if [ ! -f "$library" ]; then
    mkdir -p "$build/deps/lightgbm"
    if python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$build/deps/lightgbm" lightgbm==4.7.0; then
        python3 -m zipfile -e "$build"/deps/lightgbm/lightgbm-*.whl "$build/deps/lightgbm"
        rm -f "$build"/deps/lightgbm/lightgbm-*.whl
    else
        echo "LightGBM could not be fetched; set LIGHTGBM_LIBRARY"
    fi
fi
export OMP_NUM_THREADS=1
program=$build/bin/bench_predict which=""
for option in "${@:2}"; do
    case $option in
        --avx2) program=$build/bin/bench_predict_avx2 ;;
        --quick | --deep) which=$option ;;
        *) echo "unknown option $option" >&2; exit 2 ;;
    esac
done
exec "$program" "$library" $which
