#!/usr/bin/env bash
# build.sh PRESET BUILD JOBS: configures once, builds what changed; quiet unless it fails.
set -euo pipefail
preset=${1:?} build=${2:?} jobs=${3:?}
log=$build/build.log
mkdir -p "$build"
cd "$(dirname "$0")/../.."
if ! cmake --preset "$preset" -B "$build" >"$build/configure.log" 2>&1; then cat "$build/configure.log" >&2; exit 1; fi
grep -E '^-- (Arrow C\+\+)' "$build/configure.log" | sed 's/^-- /build: /' || true
echo "build: compiling (log in ${log#"$PWD"/})"
if [ -t 1 ]; then
    ninja -C "$build" -j "$jobs"
elif ! ninja -C "$build" -j "$jobs" >"$log" 2>&1; then
    grep -A20 -E 'FAILED|error' "$log" | head -80 >&2
    exit 1
fi
