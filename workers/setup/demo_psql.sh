#!/usr/bin/env bash
# demo_psql.sh BUILD: psql on the demo cluster; a file on standard input is run as a script, tuples only, `|`-separated.
set -euo pipefail
build=${1:?build folder}
[ -f "$build/demo.env" ] || { echo "there is no demo cluster: run make demo or make demo-start" >&2; exit 1; }
# shellcheck disable=SC1091
. "$build/demo.env"
if [ -t 0 ]; then exec psql; fi
exec psql -XqAt -F '|' -v ON_ERROR_STOP=1 -f -
