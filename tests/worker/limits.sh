#!/usr/bin/env bash
# Limits of a child: the longest run, deaf or not, and memory.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
start_worker --slots 3 --grace 0.2
slow=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 600}', timeout => '0.3 s', max_attempts => 1)")
deaf=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 600}', timeout => '2 s', max_attempts => 1)")
until_logged "job_started job=$deaf "
kill -STOP "$(child_of "$deaf")" 2>/dev/null || true  # on a slow machine its time may be over already
for job in $slow $deaf; do state_is "$job" dead; done
expect "SELECT string_agg(last_error, ',' ORDER BY job_id) FROM bourse_bi.job WHERE job_id IN ($slow, $deaf)" \
    "ran longer than its timeout of 300 ms,ran longer than its timeout of 2000 ms" "the reason"
until_gone "$(child_of "$deaf")"

if ! grep -q 'BOURSE_SANITIZE:BOOL=ON' "$BOURSE_BUILD/CMakeCache.txt"; then # sanitizers need the address space
    fat=$(sql "SELECT bourse.enqueue('sleep', '{\"memory_mb\": 2000}', resources => '{\"memory_mb\": 400}', max_attempts => 1)")
    fits=$(sql "SELECT bourse.enqueue('sleep', '{\"memory_mb\": 100}', resources => '{\"memory_mb\": 400}', max_attempts => 1)")
    state_is "$fat" dead
    state_is "$fits" succeeded
    expect "SELECT last_error FROM bourse_bi.job WHERE job_id = $fat" \
        "out of memory (53200): its limit is 400 MB (memory_mb of its kind or of resources)" "the memory limit is told"
fi
expect "SELECT count(*) FROM bourse.job" 0 "nothing is left"
