#!/usr/bin/env bash
# Workers whose clocks are an hour early and an hour late: only the database's clock counts. No lease is lost (ten seconds
# are little beside an hour), nothing starts before its time, each line of the ledger is there exactly once.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/ledger_lib.sh"
command -v faketime >/dev/null || { echo "SKIPPED: faketime is not installed"; exit 77; }
make_ledger
make_stumble
# The monotonic clock is right on machines whose wall clock is wrong.
export FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0"  # faketime is loaded before the sanitizers
# start_at OFFSET: as start_worker; the log says what time the worker believes it is
start_at() {
    worker_log=$scratch/worker${#workers[@]}.log
    : >"$worker_log"
    faketime -m -f "$1" bourse worker --slots 2 --lease 10 --poll 0.1 >"$worker_log" 2>&1 &
    local faketime=$! child says now
    workers+=("$faketime")
    until_logged event=session_started
    read -r child <"/proc/$faketime/task/$faketime/children" || [ -n "$child" ]  # no line end; faketime runs the worker as its child, which outlives it
    workers+=("$child")
    says=$(date -u -d "$(sed -n '1s/^\([^ .]*\).*/\1/p' "$worker_log")" +%s) now=$(date -u +%s)
    [ $(((says - now) / 60)) -ge $(($2 - 2)) ] && [ $(((says - now) / 60)) -le $(($2 + 2)) ] || fail "its clock is not off by $2 minutes"
}
start_at -1h -60
start_at +1h 60
sql "SELECT chaos.fill(12), chaos.ask_stumble(), chaos.ask_stumble()" >/dev/null
long=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 1}')")
soon=$(sql "SELECT bourse.enqueue('noop', run_at => now() + interval '1 second')")
later=$(sql "SELECT bourse.enqueue('noop', run_at => now() + interval '30 minutes')")
state_is "$soon" succeeded
state_is "$long" succeeded
expect "SELECT started_at >= run_at FROM bourse_bi.job WHERE job_id = $soon" t "not before its time"
expect "SELECT attempt FROM bourse_bi.job WHERE job_id = $long" 1 "no lease was lost to a clock"
expect "SELECT state FROM bourse_bi.job WHERE job_id = $later" scheduled "half an hour is half an hour of the database"
expect "SELECT count(*) FROM bourse_bi.worker WHERE abs(extract(epoch FROM now() - started_at)) < 1800" 2 "the register has the database's time"
sql "SELECT bourse.cancel($later); DELETE FROM bourse.job_archive WHERE job_id = $later" >/dev/null
judge
