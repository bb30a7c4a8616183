#!/usr/bin/env bash
# Two daemons on hosts of different names share the work; when one host goes, the other does its share as well.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/ledger_lib.sh"
unshare -u true 2>/dev/null || { echo "SKIPPED: host names of our own are not allowed here"; exit 77; }
make_ledger
# as start_worker, on a host called $1
start_on() {
    worker_log=$scratch/worker${#workers[@]}.log
    : >"$worker_log"
    unshare -u -- sh -c 'hostname "$1" && shift && exec bourse worker "$@"' - "$@" >"$worker_log" 2>&1 &
    worker=$!
    workers+=("$worker")
    until_logged event=session_started
}
start_on harbour --slots 1 --poll 0.1 --lease 1
harbour=$worker
start_on lighthouse --slots 1 --poll 0.1 --lease 1
expect "SELECT string_agg(host, ' ' ORDER BY host) FROM bourse_bi.worker" "harbour lighthouse" "both are registered"
stop=$((SECONDS + 60))
until [ "$(sql "SELECT count(DISTINCT w.host) FROM bourse.job_archive AS a JOIN bourse.worker AS w USING (worker)")" = 2 ]; do
    [ $SECONDS -lt $stop ] || fail "one host did everything"
    sql "SELECT chaos.fill(4)" >/dev/null
done
kill -KILL "$harbour"
wait "$harbour" 2>/dev/null || true
sql "SELECT chaos.fill(8)" >/dev/null
judge
expect "SELECT count(DISTINCT worker) FROM bourse.job_archive" 2 "who worked"
