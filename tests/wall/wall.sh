#!/usr/bin/env bash
# wall.sh MODULE: no exception leaves C++, no error skips a destructor, and every SQLSTATE, detail and hint survives.
set -euo pipefail
module=${1:?}
fail() { echo "FAILED: $*" >&2; exit 1; }

install -m 644 "$module" "$BOURSE_CLUSTER/stage/$(pg_config --pkglibdir)/bourse_probe.so"
psql -qX -v ON_ERROR_STOP=1 <<'SQL'
CREATE FUNCTION probe(int) RETURNS int AS '$libdir/bourse_probe', 'bourse_probe' LANGUAGE C STRICT;
CREATE FUNCTION probe_live() RETURNS int AS '$libdir/bourse_probe', 'bourse_probe_live' LANGUAGE C;
SQL

# Each case a hundred times in one session, then the count of objects that were never destroyed.
out=$(for case in 0 1 2 3 4 5 6 7; do for _ in $(seq 100); do echo "SELECT probe($case);"; done; done |
    { cat; echo "SET statement_timeout = '50ms'; SELECT probe(8); RESET statement_timeout; SELECT probe(9); SELECT 'live ' || probe_live();"; } |
    psql -qXAt -v VERBOSITY=verbose 2>&1)

count() { grep -c -F -- "$1" <<<"$out" || true; }
expect() { [ "$(count "$2")" = "$1" ] || fail "expected $1 times: $2, got $(count "$2")"; }
expect 100 'ERROR:  MB001: no model "x"'
expect 100 'DETAIL:  three others exist'
expect 100 'HINT:  train one'
expect 100 'ERROR:  53200: out of memory'
expect 100 'ERROR:  XX000: index 9'
expect 100 'ERROR:  XX000: unknown C++ exception'
expect 100 'ERROR:  22012: from the server'
expect 100 'DETAIL:  a detail'
expect 100 'HINT:  a hint'
expect 100 'ERROR:  22P02: invalid input syntax for type integer: "zzz"'
expect 100 'ERROR:  XX000: after inner'
expect 100 'ERROR:  22012: division by zero'
expect 1 'ERROR:  57014: canceling statement due to statement timeout'
expect 1 'live 0'
