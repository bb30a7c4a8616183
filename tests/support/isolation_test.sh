#!/usr/bin/env bash
# isolation_test.sh SOURCE BUILD NAME: two and more sessions step by step (PostgreSQL's isolation tester).
# BOURSE_ACCEPT=1 writes the expected file instead.
set -euo pipefail
source=${1:?} build=${2:?} name=${3:?}
tester=$(dirname "$(pg_config --pgxs)")/../../src/test/isolation/isolationtester
[ -x "$tester" ] || tester=$(pg_config --pkglibdir)/pgxs/src/test/isolation/isolationtester
mkdir -p "$build/isolation"
out=$build/isolation/$name.out
if grep -q 'test\.register_version' "$source/tests/isolation/specs/$name.spec"; then psql -qX -v ON_ERROR_STOP=1 -f "$source/tests/support/signing.sql"; fi
"$tester" "dbname=$PGDATABASE" <"$source/tests/isolation/specs/$name.spec" >"$out" 2>&1
expected=$source/tests/isolation/expected/$name.out
if [ -n "${BOURSE_ACCEPT:-}" ]; then cp "$out" "$expected"; fi
diff -u "$expected" "$out"
