#!/usr/bin/env bash
# run.sh BUILD [NAME…]: runs the benchmarks of this folder (all, or those named); each prints its ratios last.
set -euo pipefail
build=$(realpath "${1:?build folder}"); shift
here=$(cd "$(dirname "$0")" && pwd)
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for script in "$here"/*.sh; do
        name=$(basename "$script" .sh)
        case $name in run | features_large) ;; *) names+=("$name") ;; esac  # the large one wants to be named
    done
fi
echo "machine: $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(nproc) cores; commit $(git -C "$here" rev-parse --short HEAD 2>/dev/null || echo none)"
for name in "${names[@]}"; do
    [ -x "$here/$name.sh" ] || { echo "no benchmark $name; there are: $(cd "$here" && ls ./*.sh | sed 's|./||; s/\.sh$//; /^run$/d' | xargs)" >&2; exit 2; }
    echo "== $name"
    "$here/$name.sh" "$build"
done
