#!/usr/bin/env bash
# bounded.sh FORMAT: the fuzz target of a format over the golden models and mutations of them, by the plain driver.
# Long form (make soak): a million of them. A failure prints the seed and leaves the input in build/crash-FORMAT.
set -euo pipefail
format=${1:?format}
runs=10000
[ -z "${BOURSE_SOAK:-}" ] || runs=1000000
seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
"$BOURSE_BUILD/bin/fuzz_corpus" "$BOURSE_SHARED/spec/models_golden" "$seeds/of"
cd "$BOURSE_BUILD"
"$BOURSE_BUILD/bin/fuzz_$format" -runs="$runs" "$seeds/of/$format"
