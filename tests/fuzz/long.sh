#!/usr/bin/env bash
# long.sh BUILD JOBS [RUNS [FORMAT…]]: the fuzz targets under libFuzzer with ASan and UBSan, RUNS executions each (a
# million), several at once. An input that fails is kept in BUILD/found and named in BUILD/FORMAT.log, with its seed.
set -euo pipefail
build=${1:?build folder} jobs=${2:?jobs} runs=${3:-1000000}
formats=("${@:4}")
[ ${#formats[@]} -gt 0 ] || formats=(bourse-model xgboost-json xgboost-ubj lightgbm)
source=$(cd "$(dirname "$0")/../.." && pwd)
golden=${BOURSE_SHARED:-$source/../shared}/spec/models_golden
[ -d "$golden" ] || { echo "fuzz: SKIPPED, no golden models in $golden"; exit 0; }
if ! command -v clang++-14 >/dev/null || [ -z "$(find "$(clang++-14 -print-resource-dir)" -name 'libclang_rt.fuzzer-*' -print -quit)" ]; then
    echo "fuzz: SKIPPED, libFuzzer needs the packages clang-14 and libclang-rt-14-dev"
    exit 0
fi
mkdir -p "$build"
cd "$source"
cmake --preset fuzz -B "$build" >"$build/configure.log" 2>&1 || { cat "$build/configure.log" >&2; exit 1; }
ninja -C "$build" -j "$jobs" fuzz >"$build/build.log" 2>&1 || { grep -A20 -E 'FAILED|error' "$build/build.log" | head -80 >&2; exit 1; }
"$build/bin/fuzz_corpus" "$golden" "$build/seeds"
mkdir -p "$build/found"

fuzz() { # FORMAT
    mkdir -p "$build/corpus/$1"
    "$build/bin/fuzz_$1" -runs="$runs" -timeout=300 -rss_limit_mb=2560 -malloc_limit_mb=1024 -max_len=24000 \
        -print_final_stats=1 -artifact_prefix="$build/found/$1-" "$build/corpus/$1" "$build/seeds/$1" >"$build/$1.log" 2>&1 ||
        { tail -60 "$build/$1.log" >&2; echo "fuzz: $1 FAILED: $build/$1.log" >&2; return 1; }
    echo "fuzz: $1 clean, $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$1.log") executions," \
        "$(grep -oE 'cov: [0-9]+' "$build/$1.log" | tail -1)"
}
export -f fuzz
export build runs
printf '%s\n' "${formats[@]}" | xargs -P "$jobs" -I{} bash -euo pipefail -c 'fuzz {}'
