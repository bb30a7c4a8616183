#!/usr/bin/env bash
# indicator_docs_test.sh SOURCE SQLGEN: docs/reference/indicators.md ends with the table that follows from the list.
# BOURSE_ACCEPT=1 writes it instead.
set -euo pipefail
page=${1:?source folder}/docs/reference/indicators.md sqlgen=${2:?sqlgen}
head='| function | gives |'
if [ -n "${BOURSE_ACCEPT:-}" ]; then
    kept=$(sed "/^$head/,\$d" "$page"; echo .)
    { printf '%s' "${kept%.}"; "$sqlgen" table; } >"$page"
fi
diff -u <(sed -n "/^$head/,\$p" "$page") <("$sqlgen" table)
