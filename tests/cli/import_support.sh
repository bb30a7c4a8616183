# shellcheck shell=bash
# Sourced by the import tests.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shared=${BOURSE_SHARED:-../shared}/data

fail() { echo "FAILED: $*" >&2; exit 1; }
sql() { psql -XqAt -v ON_ERROR_STOP=1 -c "$1"; }
need() { [ -e "$1" ] || { echo "skipped: $1 is not there"; exit 77; }; }
need_parquet() { ! bourse import /dev/null --format parquet 2>&1 | grep -q 'built without Arrow' || { echo "skipped: built without Arrow C++"; exit 77; }; }
equal() { [ "$1" = "$2" ] || fail "$3: expected '$1', got '$2'"; }
# refused PATTERN COMMAND…: the command fails with exit 1 and says PATTERN
refused() {
    local pattern=$1 message status=0; shift
    message=$("$@" 2>&1) || status=$?
    [ $status = 1 ] || fail "exit $status instead of 1: $* : $message"
    grep -q -- "$pattern" <<<"$message" || fail "'$pattern' is not in: $message"
}
# counts of the newest load: read loaded changed unchanged duplicate rejected without_volume refused
counts() { sql "SELECT concat_ws(' ', rows_read, rows_loaded, rows_changed, rows_unchanged, rows_duplicate, rows_rejected, rows_without_volume, refused) FROM bourse.data_version ORDER BY data_version_id DESC LIMIT 1"; }
bars() { sql "SELECT count(*) FROM bourse.bar"; }
