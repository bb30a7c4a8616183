#!/usr/bin/env bash
# docs/tutorial/first-model.md works as it is written: its blocks, in order, with a worker beside.
set -euo pipefail
fail() { echo "FAILED: $*" >&2; [ ! -f "$work/log" ] || tail -30 "$work/log" >&2; exit 1; }
work=$(mktemp -d)
worker=
cleanup() { if [ -n "$worker" ]; then kill -TERM "$worker" 2>/dev/null || true; wait "$worker" 2>/dev/null || true; fi; rm -rf "$work"; }
trap cleanup EXIT
bourse worker --slots 1 >"$work/worker.log" 2>&1 & worker=$!

# sql and sh blocks become numbered files; the block before the tools are there (make, source) has no language and is left out
awk -v dir="$work" '/^```sql$/ { file = sprintf("%s/%02d.sql", dir, ++n); next } /^```sh$/ { file = sprintf("%s/%02d.sh", dir, ++n); next }
    /^```/ { file = ""; next } file { print > file }' "$BOURSE_SOURCE/docs/tutorial/first-model.md"
[ "$(find "$work" -name '[0-9]*' | wc -l)" -ge 9 ] || fail "too few blocks were found"
ln -s "$BOURSE_SOURCE/share" "$work/share"
cd "$work"
for block in [0-9]*; do
    case $block in
    *.sql) psql -X -v ON_ERROR_STOP=1 -f "$block" >log 2>&1 || { cat "$block" log worker.log >&2; fail "block $block ended with an error"; } ;;
    *.sh) bash -euo pipefail "$block" >log 2>&1 || { cat "$block" log >&2; fail "block $block ended with an error"; } ;;
    esac
    [ -s log ] || fail "block $block said nothing"
    if grep -q '^(0 rows)' log; then cat "$block" >&2; fail "block $block found nothing"; fi
    [ -z "${BOURSE_VERBOSE:-}" ] || cat log
done
[ -s tutorial.html ] || fail "there is no report"
query() { psql -qXAt -v ON_ERROR_STOP=1 -c "$1"; }
[ "$(query "SELECT production_version FROM bourse_bi.model WHERE model = 'tutorial'")" = 1 ] || fail "version 1 is not in production"
# the last two days: the label looks two days ahead, so the test span ends before them and they have no outcome yet
[ "$(query "SELECT count(*), count(DISTINCT ts), count(outcome) FROM bourse_bi.prediction WHERE model = 'tutorial' AND span = 'live'")" = '60|2|0' ] ||
    fail "the predictions of the last two days were not kept"
[ "$(query "SELECT count(*) > 1000 AND bool_and(outcome IS NOT NULL) FROM bourse_bi.prediction WHERE model = 'tutorial' AND span = 'test'")" = t ] ||
    fail "the predictions of the test span have no outcomes"
