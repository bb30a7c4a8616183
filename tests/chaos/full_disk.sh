#!/usr/bin/env bash
# A disk that fills up in the middle of an import: a clear error, nothing half done, and the same import works once there is room.
set -euo pipefail
fail() { echo "FAILED: $*" >&2; exit 1; }
sql() { psql -XqAt -v ON_ERROR_STOP=1 -c "$1"; }
sample=$BOURSE_SOURCE/share/sample/us_30.csv.zst

[ "$(id -u)" = 0 ] || { echo "SKIPPED: only root can mount a small disk"; exit 77; }
disk=$(mktemp -d /var/tmp/bourse-disk.XXXXXX)
cleanup() {
    psql -Xqd postgres -c "DROP DATABASE IF EXISTS \"$PGDATABASE\" WITH (FORCE)" -c "DROP TABLESPACE IF EXISTS tiny_$$" || true
    umount -l "$disk" 2>/dev/null || true
    rmdir "$disk" 2>/dev/null || true
}
trap cleanup EXIT
mount -t tmpfs -o size=3m,mode=0700,uid="$(id -u postgres)" tmpfs "$disk" 2>/dev/null || { echo "SKIPPED: mounting is not allowed here"; exit 77; }

psql -XqAt -v ON_ERROR_STOP=1 -c "CREATE TABLESPACE tiny_$$ LOCATION '$disk'"
sql "ALTER TABLE bourse.bar_1d SET TABLESPACE tiny_$$"
for index in $(sql "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'bourse.bar_1d'::regclass"); do
    sql "ALTER INDEX $index SET TABLESPACE tiny_$$"
done

if message=$(bourse import "$sample" 2>&1); then fail "an import succeeded on a full disk"; fi
grep -qi 'no space left on device' <<<"$message" || fail "the message does not say that the disk is full: $message"
[ "$(sql 'SELECT count(*) FROM bourse.bar')" = 0 ] || fail "bars of the failed import are there"
[ "$(sql "SELECT count(*) FROM bourse.data_file WHERE state = 'loaded'")" = 0 ] || fail "the file counts as loaded"
[ "$(sql 'SELECT count(*) FROM bourse.feature_dirty')" = 0 ] || fail "ranges are marked for bars that are not there"

mount -o remount,size=128m "$disk"
bourse import "$sample" >/dev/null 2>&1 || fail "the import fails although there is room again"
[ "$(sql 'SELECT count(*) FROM bourse.bar')" = 37766 ] || fail "not every bar was loaded"
