#!/usr/bin/env bash
# sql_test.sh SOURCE BUILD NAME: runs regress/sql/NAME.sql as a user would in psql and compares with
# regress/expected/NAME.out, messages included. BOURSE_ACCEPT=1 writes the expected file instead.
set -euo pipefail
source=${1:?} build=${2:?} name=${3:?}
mkdir -p "$build/regress"
out=$build/regress/$name.out
psql -Xqa -v VERBOSITY=default -v SHOW_CONTEXT=never -f "$source/tests/regress/sql/$name.sql" 2>&1 | sed 's/^psql:[^ ]*: //' >"$out"
expected=$source/tests/regress/expected/$name.out
if [ -n "${BOURSE_ACCEPT:-}" ]; then cp "$out" "$expected"; fi
diff -u "$expected" "$out"
